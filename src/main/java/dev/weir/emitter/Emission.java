package dev.weir.emitter;

import dev.weir.bus.Receipt;
import io.vertx.core.Completable;
import io.vertx.core.impl.future.FutureImpl;
import io.vertx.core.internal.ContextInternal;

/**
 * The outcome of {@code emit}, which knows whether anybody looks at it: a refusal that nobody awaits must reach the emitter's
 * {@code "error"} listeners and never be lost. To await is to add any handler in the task of the call.
 */
final class Emission extends FutureImpl<Receipt> {
    private boolean awaited;

    Emission(ContextInternal context) {
        super(context);
    }

    boolean isAwaited() {
        return awaited;
    }

    @Override
    public void addListener(Completable<? super Receipt> listener) {
        awaited = true;
        super.addListener(listener);
    }
}
