package dev.weir.flow.sink;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses files that were put aside, one after the other, beside what is written. One that cannot be compressed stays as it is
 * until its target begins anew. Owned by one event loop.
 */
final class Compressions {
    private static final Logger LOG = LoggerFactory.getLogger(Compressions.class);

    private final Function<Callable<Boolean>, Future<Boolean>> blocking;
    private final Deque<Compression> waiting = new ArrayDeque<>();
    private @Nullable Compression current;
    private boolean closed;

    /** @param blocking runs work off the event loop, in no order */
    Compressions(Function<Callable<Boolean>, Future<Boolean>> blocking) {
        this.blocking = blocking;
    }

    void add(Compression compression) {
        waiting.add(compression);
        if (current == null && !closed) {
            next();
        }
    }

    private void next() {
        Compression wanted = waiting.poll();
        current = wanted;
        if (wanted != null) {
            goOn(wanted);
        }
    }

    private void goOn(Compression compression) {
        blocking.apply(compression::more).onComplete(done -> {
            if (closed) {
                giveUp(compression);
            } else if (done.succeeded() && done.result()) {
                goOn(compression);
            } else {
                if (done.failed()) {
                    LOG.warn("{} is not compressed: {}", compression.file(), String.valueOf(done.cause()));
                    giveUp(compression);
                }
                next();
            }
        });
    }

    private void giveUp(Compression compression) {
        blocking.apply(() -> {
                    compression.close();
                    return true;
                })
                .onFailure(failure -> LOG.debug("{} was not given up", compression.file(), failure));
    }

    /** What is not finished is begun anew another time. */
    void close() {
        closed = true;
        waiting.clear();
    }
}
