package dev.weir.edge;

import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks of an event loop once it has looked at its sockets again. Tasks that merely queue one another keep Netty from that for
 * up to a second. To be used on that loop.
 */
final class NextPass implements Executor {
    private final ContextInternal loop;

    NextPass(ContextInternal loop) {
        this.loop = loop;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A task that throws is reported by its context.
    public void execute(Runnable task) {
        // What is due at once is still looked for only at the beginning of a pass, which is behind the sockets.
        loop.nettyEventLoop().schedule(() -> loop.emit(go -> task.run()), 0, TimeUnit.NANOSECONDS);
    }
}
