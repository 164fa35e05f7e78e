package dev.weir.journal;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What comes from one event loop within one of its passes goes to the writer together. Events that one read of a socket brings are
 * then committed, told and written to other sockets at once, where the first one alone would be a commit and a write to each socket
 * of its own; and the writer is woken once instead of once for each. Much of it goes at once, so that the writer works while
 * more comes. Thread-safe; what one thread gives stays in order.
 */
final class Gathering {
    private static final int MOST = 32;
    private static final int MOST_BYTES = 256 << 10;

    /** What goes to the writer together. Compared by identity. */
    static final class Group {
        final List<Queued> commits = new ArrayList<>();
        private int bytes;

        private void add(Queued commit) {
            commits.add(commit);
            bytes += commit.bytes();
        }

        private boolean isFull() {
            return commits.size() >= MOST || bytes >= MOST_BYTES;
        }
    }

    private final Consumer<Group> writer;
    private final FastThreadLocal<@Nullable Group> gathered = new FastThreadLocal<>();

    /** @param writer takes a group, by any thread */
    Gathering(Consumer<Group> writer) {
        this.writer = writer;
    }

    /** Hands it over, at the latest once what the caller's event loop has to do now is done. */
    void add(Queued commit) {
        EventLoop loop = loop(commit);
        if (loop == null || !loop.inEventLoop()) {
            Group alone = new Group();
            alone.add(commit);
            writer.accept(alone);
            return;
        }
        Group group = gathered.get();
        if (group == null) {
            group = new Group();
            gathered.set(group);
            Group waiting = group;
            loop.execute(() -> handOver(waiting));
        }
        group.add(commit);
        if (group.isFull()) {
            handOver(group);
        }
    }

    /** Unless that was done before, since it was full. */
    private void handOver(Group group) {
        if (gathered.get() == group) {
            gathered.remove();
            writer.accept(group);
        }
    }

    /** Where a producer waits; null when that is no event loop. */
    static @Nullable EventLoop loop(Queued commit) {
        ContextInternal producer = ((PromiseInternal<?>) commit.done()).context();
        return producer != null && producer.isEventLoopContext() ? producer.nettyEventLoop() : null;
    }
}
