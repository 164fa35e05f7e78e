package dev.weir.emitter;

import dev.weir.bus.Refusal;
import dev.weir.bus.RetryPolicy;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a call again that failed, after a pause, a bounded number of times. Belongs to the context that uses it; any number of
 * calls may be under way.
 *
 * <pre>{@code
 * Retry.of(vertx, Retry.doubling(Duration.ofMillis(200), Duration.ofSeconds(10), 5)).call(() -> pricing.request("quote", 21))
 * }</pre>
 */
public final class Retry {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    private final Timers timers;
    private final RetryPolicy policy;
    private final List<Consumer<Failed>> listeners = new ArrayList<>(1);
    private Predicate<Throwable> mayHelp =
            failure -> !(failure instanceof Refusal refusal && !refusal.code().retryable());
    private double spread;

    /**
     * An attempt failed and another one follows.
     *
     * @param attempt which, from 1
     * @param pause until the next
     */
    public record Failed(int attempt, Throwable failure, Duration pause) {}

    /** @throws IllegalArgumentException for a policy without pauses or attempts */
    public Retry(Timers timers, RetryPolicy policy) {
        if (policy.backoff().isEmpty() || policy.attempts() < 1) {
            throw new IllegalArgumentException("a retry has 1 pause or more and 1 attempt or more, not " + policy);
        }
        this.timers = timers;
        this.policy = policy;
    }

    /** On the timers of this Vert.x instance. */
    public static Retry of(Vertx vertx, RetryPolicy policy) {
        return new Retry(Timers.of(vertx), policy);
    }

    /**
     * Pauses that double.
     *
     * @param first after the first failure
     * @param longest no pause is longer
     * @param attempts how often it is tried in all, 1 or more
     */
    public static RetryPolicy doubling(Duration first, Duration longest, int attempts) {
        List<Duration> pauses = new ArrayList<>();
        Duration pause = first;
        while (pause.compareTo(longest) < 0 && pauses.size() < attempts && !pause.isZero()) {
            pauses.add(pause);
            pause = pause.multipliedBy(2);
        }
        pauses.add(longest);
        return new RetryPolicy(pauses, attempts);
    }

    /** For which failures another attempt may help; unless said all but a {@link Refusal} whose code is not retryable. */
    public Retry when(Predicate<Throwable> which) {
        mayHelp = which;
        return this;
    }

    /**
     * Makes pauses shorter at random, so that many who failed at once do not come again at once.
     *
     * @param share by at most this share, 0 (not at all, unless said) to 1
     */
    public Retry spread(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a spread is from 0 to 1, not " + share);
        }
        spread = share;
        return this;
    }

    /** Hears of every failure that another attempt follows. */
    public Retry onFailed(Consumer<Failed> listener) {
        listeners.add(listener);
        return this;
    }

    /** Makes the call until it succeeds; fails as the last attempt did. */
    public <T> Future<T> call(Supplier<Future<T>> action) {
        return call(attempt -> action.get());
    }

    /** As {@link #call(Supplier)}, for an action that wants to know which attempt it is, from 1. */
    public <T> Future<T> call(IntFunction<Future<T>> action) {
        return attempt(action, 1);
    }

    private <T> Future<T> attempt(IntFunction<Future<T>> action, int number) {
        Future<T> made;
        try {
            made = action.apply(number);
        } catch (RuntimeException thrown) {
            made = Future.failedFuture(thrown);
        }
        return made.recover(failure -> {
            if (policy.isExhausted(number) || !mayHelp.test(failure)) {
                return Future.failedFuture(failure);
            }
            Duration pause = spread(number);
            SafeEmit.to(listeners, new Failed(number, failure, pause)).log(LOG, "a listener of a retry");
            Promise<Void> waited = Promise.promise();
            timers.after(pause, waited::complete);
            return waited.future().compose(again -> attempt(action, number + 1));
        });
    }

    private Duration spread(int failed) {
        Duration pause = policy.pauseAfter(failed);
        if (spread == 0) {
            return pause;
        }
        double kept = 1 - spread * ThreadLocalRandom.current().nextDouble();
        return Duration.ofNanos((long) (pause.toNanos() * kept));
    }
}
