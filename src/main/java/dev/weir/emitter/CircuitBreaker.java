package dev.weir.emitter;

import dev.weir.bus.Breakers;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps calls away from a service that fails, so that it can recover and callers do not wait for it (Nygard, Release It!, 2007).
 * Closed, it lets calls through and looks at the last ones; when too many of them failed it opens and refuses all for a pause; then,
 * half-open, it lets a few probes through, which decide.
 *
 * <pre>{@code
 * CircuitBreaker breaker = new CircuitBreaker("prices", CircuitBreaker.Settings.DEFAULT);
 * breaker.call(() -> client.get("/prices")).onSuccess(...)
 * }</pre>
 *
 * <p>Belongs to the context that uses it. Sets no timers: it becomes half-open with the first call after the pause.
 */
public final class CircuitBreaker {
    /** What it does with calls. */
    public enum State {
        /** Lets them through. */
        CLOSED,
        /** Refuses them. */
        OPEN,
        /** Lets a few through to see. */
        HALF_OPEN;

        /** As it is written: {@code closed}, {@code open}, {@code half-open}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * When it opens and closes.
     *
     * @param failures the share of failed calls at which it opens, above 0, at most 1
     * @param of how many of the last calls are looked at, 1 to 10000; it does not open before there were so many
     * @param pause how long it refuses calls
     * @param probes how many calls decide afterwards, 1 to 1000
     */
    public record Settings(double failures, int of, Duration pause, int probes) {
        /** Half of the last 20 calls, 10 s, 3 probes. */
        public static final Settings DEFAULT = new Settings(0.5, 20, Duration.ofSeconds(10), 3);

        /** @throws IllegalArgumentException for what is out of range */
        public Settings {
            if (!(failures > 0 && failures <= 1) || of < 1 || of > 10_000 || probes < 1 || probes > 1_000) {
                throw new IllegalArgumentException(
                        "failures is above 0 and at most 1, of from 1 to 10000, probes from 1" + " to 1000; not "
                                + failures + ", " + of + ", " + probes);
            }
            if (pause.isZero() || pause.isNegative()) {
                throw new IllegalArgumentException("pause is longer than 0, not " + pause);
            }
        }

        private int limit(int calls) {
            // Rounded up, but for the error of the multiplication: 0.07 * 100 is 7.000000000000001.
            return Math.max(1, (int) Math.ceil(failures * calls - 1e-9));
        }
    }

    /**
     * It changed.
     *
     * @param failed how many of the calls that decided failed; 0 when it was the pause that ended
     * @param calls how many calls decided
     */
    public record Transition(String name, State from, State to, int failed, int calls) {}

    /** The right to make one call. What is said of it counts once, and only while the breaker is in the state that gave it. */
    public interface Permit {
        /** The service did what it is for. */
        void succeeded();

        /** It did not. */
        void failed();

        /** The call was not made, or says nothing of the service. */
        void cancelled();
    }

    /** What a call fails with that is not let through. Carries no stack trace, since it happens often. */
    public static final class OpenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OpenException(String name) {
            super("the circuit breaker " + name + " is open", null, false, false);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    private final String name;
    private final Settings settings;
    private final Clock clock;
    private final List<Consumer<Transition>> listeners = new ArrayList<>(1);
    private Predicate<Throwable> isFailure = failure -> true;
    private @Nullable Timers timers;
    private Duration patience = Duration.ZERO;
    /** Read by whoever shows it, too. */
    private volatile Phase phase;

    /** Nodes have it only as long as the breaker does. */
    private final Supplier<String> shown;

    /** A closed breaker on the machine's clock. One that is made in a verticle of a node is shown in the console. */
    public CircuitBreaker(String name, Settings settings) {
        this(name, settings, Clock.system());
        Context maker = Vertx.currentContext();
        if (maker != null) {
            Breakers.of(maker.owner()).made(name, maker, shown);
        }
    }

    /**
     * A closed breaker on the time of this Vert.x instance; calls that take longer than {@code patience} fail and count as failed. The
     * console of the node shows it.
     */
    public static CircuitBreaker of(Vertx vertx, String name, Settings settings, Duration patience) {
        CircuitBreaker made = new CircuitBreaker(name, settings, Clock.of(vertx)).within(patience, Timers.of(vertx));
        Breakers.of(vertx).made(name, Vertx.currentContext(), made.shown);
        return made;
    }

    /** A closed breaker that nobody shows. */
    public CircuitBreaker(String name, Settings settings, Clock clock) {
        this.name = name;
        this.settings = settings;
        this.clock = clock;
        this.phase = new Closed();
        this.shown = () -> state().word();
    }

    /** Which failures of {@link #call} count against the service; all unless said. */
    public CircuitBreaker countsAsFailure(Predicate<Throwable> which) {
        isFailure = which;
        return this;
    }

    /**
     * How long {@link #call} waits: a call that takes longer fails with a {@link TimeoutException} and counts as failed. Without it a
     * call that never ends is never counted, and a probe that never ends keeps the breaker half-open.
     */
    public CircuitBreaker within(Duration time, Timers ticking) {
        patience = time;
        timers = ticking;
        return this;
    }

    /** Hears of every change, after it. */
    public CircuitBreaker onTransition(Consumer<Transition> listener) {
        listeners.add(listener);
        return this;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** What it does with calls; open also after the pause, until the next call. */
    public State state() {
        return phase.state();
    }

    /** How long it will refuse all calls from now on; zero when it might let one through. */
    public Duration refusesFor() {
        return phase instanceof Open open ? open.left() : Duration.ZERO;
    }

    /** Makes the call if it may be made; else fails with {@link OpenException}. */
    public <T> Future<T> call(Supplier<Future<T>> action) {
        Permit permit = tryAcquire();
        if (permit == null) {
            return Future.failedFuture(new OpenException(name));
        }
        Future<T> made;
        try {
            made = action.get();
        } catch (RuntimeException failure) {
            made = Future.failedFuture(failure);
        }
        return bounded(made).onComplete(done -> {
            if (done.failed() && isFailure.test(done.cause())) {
                permit.failed();
            } else {
                permit.succeeded();
            }
        });
    }

    /** The function behind this breaker: it is called when it may be, and fails with {@link OpenException} else. */
    public <A, T> Function<A, Future<T>> around(Function<A, Future<T>> action) {
        return argument -> call(() -> action.apply(argument));
    }

    private <T> Future<T> bounded(Future<T> made) {
        if (timers == null || made.isComplete()) {
            return made;
        }
        Promise<T> first = Promise.promise();
        Timers.Timer late = timers.after(
                patience, () -> first.tryFail(new TimeoutException(name + " did not answer in " + patience)));
        made.onComplete(done -> {
            late.cancel();
            if (done.succeeded()) {
                first.tryComplete(done.result());
            } else {
                first.tryFail(done.cause());
            }
        });
        return first.future();
    }

    /** The right to make a call now, null when there is none. Whoever gets it says what became of the call. */
    public @Nullable Permit tryAcquire() {
        return phase.enter() ? new Pass(phase) : null;
    }

    private void become(Phase next, int failed, int calls) {
        Transition change = new Transition(name, phase.state(), next.state(), failed, calls);
        phase = next;
        SafeEmit.to(listeners, change).log(LOG, "a listener of the circuit breaker " + name);
    }

    private final class Pass implements Permit {
        private final Phase given;
        private boolean used;

        Pass(Phase given) {
            this.given = given;
        }

        private boolean isValid() {
            boolean first = !used;
            used = true;
            return first && given == phase;
        }

        @Override
        public void succeeded() {
            if (isValid()) {
                given.record(false);
            }
        }

        @Override
        public void failed() {
            if (isValid()) {
                given.record(true);
            }
        }

        @Override
        public void cancelled() {
            if (isValid()) {
                given.giveBack();
            }
        }
    }

    /** A state with what belongs to it. */
    private interface Phase {
        State state();

        boolean enter();

        void giveBack();

        void record(boolean failed);
    }

    /** Remembers how the last calls ended, in a ring. */
    private final class Closed implements Phase {
        private final boolean[] ring = new boolean[settings.of];
        private int at;
        private int calls;
        private int failures;

        @Override
        public State state() {
            return State.CLOSED;
        }

        @Override
        public boolean enter() {
            return true;
        }

        @Override
        public void giveBack() {
            // Whoever is let through takes nothing.
        }

        @Override
        public void record(boolean failed) {
            if (calls == ring.length && ring[at]) {
                failures--;
            }
            ring[at] = failed;
            failures += failed ? 1 : 0;
            at = (at + 1) % ring.length;
            calls = Math.min(calls + 1, ring.length);
            if (calls == ring.length && failures >= settings.limit(calls)) {
                become(new Open(), failures, calls);
            }
        }
    }

    /** Knows until when. */
    private final class Open implements Phase {
        private final long sinceNanos = clock.nanos();

        Duration left() {
            Duration left = settings.pause.minusNanos(clock.nanos() - sinceNanos);
            return left.isNegative() ? Duration.ZERO : left;
        }

        @Override
        public State state() {
            return State.OPEN;
        }

        @Override
        public boolean enter() {
            if (!left().isZero()) {
                return false;
            }
            become(new HalfOpen(), 0, 0);
            return phase.enter();
        }

        @Override
        public void giveBack() {
            throw new IllegalStateException("nothing was given");
        }

        @Override
        public void record(boolean failed) {
            throw new IllegalStateException("nothing was given");
        }
    }

    /** Counts the probes. */
    private final class HalfOpen implements Phase {
        private int given;
        private int calls;
        private int failures;

        @Override
        public State state() {
            return State.HALF_OPEN;
        }

        @Override
        public boolean enter() {
            if (given == settings.probes) {
                return false;
            }
            given++;
            return true;
        }

        @Override
        public void giveBack() {
            given--;
        }

        @Override
        public void record(boolean failed) {
            calls++;
            failures += failed ? 1 : 0;
            if (failures >= settings.limit(settings.probes)) {
                become(new Open(), failures, calls);
            } else if (calls == settings.probes) {
                become(new Closed(), failures, calls);
            }
        }
    }
}
