package dev.weir.emitter;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;

/** The context that an emitter belongs to: what happens to it happens there, one thing after another. Thread-safe. */
final class OwnContext {
    private final ContextInternal context;

    private OwnContext(ContextInternal context) {
        this.context = context;
    }

    /** Of whoever calls. */
    static OwnContext current(Vertx vertx) {
        return new OwnContext(callerOf(vertx));
    }

    private static ContextInternal callerOf(Vertx vertx) {
        // A request of an HTTP server has a copy of its verticle's context.
        return ((ContextInternal) vertx.getOrCreateContext()).unwrap();
    }

    Vertx vertx() {
        return context.owner();
    }

    ContextInternal context() {
        return context;
    }

    /** The context of whoever calls now, where its futures complete. */
    ContextInternal caller() {
        return context.owner().getOrCreateContext();
    }

    /** Runs at once for code of this context, a moment later for others; in order either way. */
    void run(Runnable action) {
        ContextInternal current = ContextInternal.current();
        if (current != null && current.unwrap() == context) {
            action.run();
        } else {
            context.runOnContext(go -> action.run());
        }
    }
}
