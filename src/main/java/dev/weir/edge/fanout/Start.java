package dev.weir.edge.fanout;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Position;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a session wants to begin on a journaled address.
 *
 * @param since after this position; null to begin now, or {@code rewind} events back
 * @param values whether to begin with the current value of every key, where those are kept
 * @param rewind how many events back, 0 for none
 * @param refused why it may not begin anywhere but now, null when it may
 * @param told hears where it begins, before the first event
 */
public record Start(
        @Nullable Position since,
        int rewind,
        boolean values,
        @Nullable FailureCode refused,
        Consumer<Began> told) {
    /** Begins with the next event and wants to hear nothing of it. */
    public static final Start NOW = new Start(null, 0, false, null, began -> {});

    /**
     * Where a session begins.
     *
     * @param at the last event it does not get
     * @param recovered whether that is where it wanted to begin
     * @param reason why not
     */
    public record Began(
            Position at, boolean recovered, @Nullable FailureCode reason) {}
}
