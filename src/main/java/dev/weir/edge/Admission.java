package dev.weir.edge;

import org.jspecify.annotations.Nullable;

/** Whether the node takes new work. Asked for every publish and every new session, so it answers from a variable. */
@FunctionalInterface
public interface Admission {
    /** Always open. */
    Admission OPEN = () -> null;

    /** Null to go on, else why not, for the client. */
    @Nullable
    String busy();
}
