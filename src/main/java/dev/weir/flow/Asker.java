package dev.weir.flow;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/** Who sent a request and waits for the reply. Answered once; more is ignored. */
public interface Asker {
    /** The answer. */
    void reply(MultiMap headers, @Nullable Object data);

    /** There will be none. */
    void fail(String why);
}
