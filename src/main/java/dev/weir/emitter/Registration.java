package dev.weir.emitter;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An emitter's place on the bus, from the first listener to the last: asks whether the address is declared, then registers.
 * What is emitted meanwhile waits for it, so that one hears one's own events. What may succeed later is tried again. Owned by the
 * emitter's context.
 */
final class Registration {
    private static final int MOST_WAITING = 65_536;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final OwnContext own;
    private final Line line;
    private final Consumer<Throwable> unheard;
    private final Promise<Void> ready;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);
    private @Nullable Future<Void> left;
    private boolean tried;
    private boolean failed;

    /**
     * @param line what brings the events
     * @param unheard told why it cannot be, for now or for good
     */
    Registration(OwnContext own, Line line, Consumer<Throwable> unheard) {
        this.own = own;
        this.line = line;
        this.unheard = unheard;
        this.ready = own.context().promise();
    }

    Registration open() {
        line.open().onComplete((registered, failure) -> own.run(() -> opened(failure)));
        return this;
    }

    private void opened(@Nullable Throwable failure) {
        if (failure != null && left == null && !tried) {
            unheard.accept(failure);
        }
        tried = true;
        while (!waiting.isEmpty()) {
            waiting.poll().run();
        }
        if (failure instanceof Refusal refusal && refusal.code().retryable() && left == null) {
            Timers.of(own.vertx()).after(AGAIN, () -> own.run(this::again));
        } else {
            failed = failure != null;
            ready.complete(null, failure);
        }
    }

    private void again() {
        if (left == null) {
            open();
        } else {
            ready.fail(new Refusal(FailureCode.UNAVAILABLE, "all listeners were removed meanwhile"));
        }
    }

    /** Completes once nothing is missed any more; fails with a {@link Refusal} when no policy declares the address. */
    Future<Void> ready() {
        return ready.future();
    }

    /** Whether it was refused for good. */
    boolean hasFailed() {
        return failed;
    }

    /**
     * Runs the action once registered or refused.
     *
     * @throws Refusal {@code busy} when too many wait
     */
    void afterwards(Runnable action) {
        if (tried) {
            action.run();
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(action);
        } else {
            throw new Refusal(FailureCode.BUSY, waiting.size() + " events wait for the registration of their emitter");
        }
    }

    /** Leaves the bus; once is enough. */
    Future<Void> close() {
        Future<Void> leaving = left;
        if (leaving == null) {
            leaving = line.close();
            left = leaving;
        }
        return leaving;
    }
}
