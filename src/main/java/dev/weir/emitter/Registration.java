package dev.weir.emitter;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * An emitter's place on the bus, from the first listener to the last: asks whether the address is declared, then registers.
 * What is emitted meanwhile waits for it, so that one hears one's own events. Owned by the emitter's context.
 */
final class Registration {
    private static final int MOST_WAITING = 65_536;

    private final OwnContext own;
    private final String address;
    private final Handler<Message<Object>> handler;
    private final Promise<Void> ready;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);
    private @Nullable MessageConsumer<Object> consumer;
    private @Nullable Future<Void> left;
    private boolean settled;
    private boolean closed;

    Registration(OwnContext own, String address, Handler<Message<Object>> handler) {
        this.own = own;
        this.address = address;
        this.handler = handler;
        this.ready = own.context().promise();
    }

    Registration open(Nodes nodes) {
        nodes.declared(address)
                .compose(declared -> register())
                .onComplete((registered, failure) -> own.run(() -> settle(failure)));
        return this;
    }

    private Future<Void> register() {
        if (closed) {
            return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "all listeners were removed meanwhile"));
        }
        String name = Addresses.isPattern(address) ? Addresses.ofPattern(address) : address;
        MessageConsumer<Object> own = this.own.vertx().eventBus().consumer(name, handler);
        consumer = own;
        return own.completion();
    }

    private void settle(@Nullable Throwable failure) {
        settled = true;
        while (!waiting.isEmpty()) {
            waiting.poll().run();
        }
        ready.complete(null, failure);
    }

    /** Completes once the whole cluster knows; fails with a {@link Refusal} when no policy declares the address. */
    Future<Void> ready() {
        return ready.future();
    }

    boolean hasFailed() {
        return settled && ready.future().failed();
    }

    /**
     * Runs the action once registered or refused.
     *
     * @throws Refusal {@code busy} when too many wait
     */
    void afterwards(Runnable action) {
        if (settled) {
            action.run();
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(action);
        } else {
            throw new Refusal(
                    FailureCode.BUSY, waiting.size() + " events wait for the registration on '" + address + "'");
        }
    }

    /** Leaves the bus; once is enough. */
    Future<Void> close() {
        closed = true;
        Future<Void> leaving = left;
        if (leaving == null) {
            leaving = consumer == null ? Future.succeededFuture() : consumer.unregister();
            left = leaving;
        }
        return leaving;
    }
}
