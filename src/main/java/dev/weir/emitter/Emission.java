package dev.weir.emitter;

import dev.weir.time.Timers;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.impl.future.FutureImpl;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of {@code emit} and {@code request}, which knows whether anybody looks at it: a failure that nobody awaits must reach
 * the emitter's {@code "error"} listeners and never be lost. To await is to add any handler or to {@code await()}, in the task of
 * the call; a thread that is not of Vert.x has no tasks and gets a moment. Completes on the caller's context.
 */
final class Emission<T> extends FutureImpl<T> {
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final ContextInternal caller;
    private final boolean inTask;
    private final Consumer<Throwable> unheard;
    private volatile boolean awaited;

    /** @param unheard told, on the caller's context, of a failure that nobody awaits */
    Emission(ContextInternal caller, Consumer<Throwable> unheard) {
        super(caller);
        this.caller = caller;
        this.inTask = ContextInternal.current() != null;
        this.unheard = unheard;
    }

    /** Takes over the outcome. */
    void follow(Future<T> outcome) {
        outcome.onComplete(this::settle);
    }

    /** Ends it, with a result or with a failure. */
    void settle(@Nullable T result, @Nullable Throwable failure) {
        if (failure == null) {
            tryComplete(result);
            return;
        }
        tryFail(failure);
        if (inTask) {
            caller.runOnContext(later -> look(failure));
        } else {
            Timers.of(caller.owner()).after(MOMENT, () -> look(failure));
        }
    }

    private void look(Throwable failure) {
        if (!awaited) {
            unheard.accept(failure);
        }
    }

    @Override
    public void addListener(Completable<? super T> listener) {
        awaited = true;
        super.addListener(listener);
    }
}
