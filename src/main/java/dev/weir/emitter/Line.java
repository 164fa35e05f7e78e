package dev.weir.emitter;

import dev.weir.bus.Addresses;
import dev.weir.bus.Counters;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Feed;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.LogSource;
import dev.weir.bus.LogWire;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What brings an emitter its events: the log of a journaled address, in order and without holes, out of the node in which the emitter
 * lives or of one that is in its cluster; else the bus. Owned by the emitter's context.
 */
final class Line implements Feed.Listener {
    /** Takes what comes. */
    interface Ear {
        /**
         * An event.
         *
         * @param message what brought it, null when that was a log; who asked for an answer can be answered there
         */
        void heard(MultiMap headers, @Nullable Object body, @Nullable Message<Object> message);

        /** Events are missing, and why. */
        void missed(FailureCode why);
    }

    private final Vertx vertx;
    private final String address;
    private final Nodes nodes;
    private final Ear ear;
    private @Nullable MessageConsumer<Object> consumer;
    private @Nullable Feed feed;
    private boolean closed;

    Line(Vertx vertx, String address, Nodes nodes, Ear ear) {
        this.vertx = vertx;
        this.address = address;
        this.nodes = nodes;
        this.ear = ear;
    }

    /** Completes when nothing is missed from then on; fails with a {@link Refusal}, and may be opened again then. */
    Future<Void> open() {
        return nodes.declared(address).compose(this::register);
    }

    private Future<Void> register(boolean kept) {
        if (closed) {
            return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "all listeners were removed meanwhile"));
        }
        LogSource log = log(kept);
        if (log != null) {
            Feed own = new Feed(vertx.eventBus(), log, Timers.of(vertx), Counters.of(vertx), address, this);
            feed = own;
            return own.start();
        }
        String name = Addresses.isPattern(address) ? Addresses.ofPattern(address) : address;
        MessageConsumer<Object> own =
                vertx.eventBus().consumer(name, message -> ear.heard(message.headers(), message.body(), message));
        consumer = own;
        return own.completion();
    }

    private @Nullable LogSource log(boolean kept) {
        Publisher node = nodes.here();
        if (node == null) {
            return kept ? new LogWire(vertx).log(address) : null;
        }
        Keep keep = node.keepOf(address);
        Journal journal = node.journal();
        return keep == null || journal == null ? null : LogSource.of(journal, address, keep);
    }

    Future<Void> close() {
        closed = true;
        if (feed != null) {
            return feed.stop();
        }
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    @Override
    public void events(Kept stretch) {
        // What is kept is shared with others who read it.
        stretch.events().forEach(event -> ear.heard(event.headers(), Outlet.copy(event.body()), null));
    }

    @Override
    public void broken(FailureCode why) {
        ear.missed(why);
    }
}
