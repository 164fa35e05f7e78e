package dev.weir.flow.outside;

import dev.weir.bus.Addresses;
import dev.weir.bus.Refusal;
import dev.weir.bus.RetryPolicy;
import dev.weir.emitter.CircuitBreaker;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Hold;
import dev.weir.flow.LaterException;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import dev.weir.time.Timers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks an outside about events: so many at once and the rest in their order, each within a time, tried again as said, and not at all
 * while the circuit breaker is open. Holds the events meanwhile. Owned by the lane's event loop.
 */
public final class Calls {
    /**
     * How it asks.
     *
     * @param timeout for one attempt
     * @param retry null for one attempt
     * @param breaker null for none
     * @param inFlight how many at once
     */
    public record Settings(
            Duration timeout, @Nullable RetryPolicy retry, CircuitBreaker.@Nullable Settings breaker, int inFlight) {}

    /** What becomes of events. What it throws is an error of the event. */
    public interface Outcome {
        /** It was answered; emits what is to be emitted. */
        void answered(FlowEvent event, @Nullable Object answer);

        /** It was not answered; false when that is an error. */
        default boolean settles(FlowEvent event, Throwable failure) {
            return false;
        }
    }

    private static final class Work {
        final FlowEvent event;
        final Hold hold;
        int attempts;

        Work(FlowEvent event, Hold hold) {
            this.event = event;
            this.hold = hold;
        }
    }

    private final StageContext context;
    private final Settings settings;
    private final Outside outside;
    private final Outcome outcome;
    private final boolean waits;
    private final @Nullable CircuitBreaker breaker;
    private final Deque<Work> waiting = new ArrayDeque<>();
    private final Set<Attempt> running = new HashSet<>();
    private Timers.@Nullable Timer wake;
    private boolean pumping;
    private boolean closed;

    /** @param waits whether events wait while the breaker is open; else they fail at once */
    public Calls(StageContext context, Settings settings, boolean waits, Outside outside, Outcome outcome) {
        this.context = context;
        this.settings = settings;
        this.outside = outside;
        this.outcome = outcome;
        this.waits = waits;
        this.breaker = settings.breaker() == null ? null : breaker(settings.breaker());
    }

    private CircuitBreaker breaker(CircuitBreaker.Settings when) {
        context.breaker(CircuitBreaker.State.CLOSED);
        return new CircuitBreaker(context.flow() + "." + context.id(), when, context.clock()).onTransition(this::tell);
    }

    private void tell(CircuitBreaker.Transition change) {
        if (change.from() == CircuitBreaker.State.CLOSED) {
            context.count("breakerOpen", 1);
            context.count("breakerOpened", 1);
        } else if (change.to() == CircuitBreaker.State.CLOSED) {
            context.count("breakerOpen", -1);
        }
        context.breaker(change.to());
        JsonObject data = new JsonObject()
                .put("breaker", change.name())
                .put("from", change.from().word())
                .put("to", change.to().word())
                .put("failed", change.failed())
                .put("calls", change.calls());
        context.tell(Addresses.ofBreaker(change.name()), change.to().word(), data);
    }

    /** Asks about an event that is held, in its turn. */
    public void ask(FlowEvent event, Hold hold) {
        waiting.add(new Work(event, hold));
        pump();
    }

    /** Ends; what is on its way is given up. */
    public void close() {
        closed = true;
        if (wake != null) {
            wake.cancel();
        }
        waiting.clear();
        Set.copyOf(running).forEach(Attempt::abandon);
        if (breaker != null && breaker.state() != CircuitBreaker.State.CLOSED) {
            context.count("breakerOpen", -1);
        }
        outside.close();
    }

    /** Begins what may begin. Answers that come at once come back here; they only leave word. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (!closed && running.size() < settings.inFlight() && !waiting.isEmpty()) {
                Work next = waiting.remove();
                if (next.hold.isOpen() && !begin(next)) {
                    waiting.addFirst(next);
                    return;
                }
            }
        } finally {
            pumping = false;
        }
    }

    /** False when it has to wait for the breaker. */
    private boolean begin(Work work) {
        CircuitBreaker.Permit permit = null;
        if (breaker != null) {
            permit = breaker.tryAcquire();
            if (permit == null && waits) {
                sleep(breaker.refusesFor());
                return false;
            }
            if (permit == null) {
                context.count("refused", 1);
                giveUp(work, new FailedException("the circuit breaker " + breaker.name() + " is open"));
                return true;
            }
        }
        new Attempt(work, permit).begin();
        return true;
    }

    /** While probes are under way, it is their end that matters. */
    private void sleep(Duration time) {
        if (wake == null && !time.isZero()) {
            wake = context.timers().after(time.plusMillis(1), () -> {
                wake = null;
                pump();
            });
        }
    }

    private final class Attempt {
        private final Work work;
        private final CircuitBreaker.@Nullable Permit permit;
        private Outside.@Nullable Call call;
        private Timers.@Nullable Timer timer;
        private boolean over;

        Attempt(Work work, CircuitBreaker.@Nullable Permit permit) {
            this.work = work;
            this.permit = permit;
        }

        void begin() {
            try {
                call = outside.ask(work.event);
            } catch (RuntimeException unfit) {
                if (permit != null) {
                    permit.cancelled();
                }
                work.hold.fail(unfit);
                return;
            }
            running.add(this);
            work.attempts++;
            timer = context.timers().after(settings.timeout(), this::late);
            call.answer().onComplete(this::answered, this::failed);
        }

        private boolean end() {
            boolean first = !over;
            over = true;
            running.remove(this);
            if (timer != null) {
                timer.cancel();
            }
            return first && !closed;
        }

        void abandon() {
            end();
            if (call != null) {
                call.cancel().run();
            }
        }

        private void late() {
            timer = null;
            Outside.Call own = call;
            failed(new FailedException("no answer within " + settings.timeout().toMillis() + " ms"));
            if (own != null) {
                own.cancel().run();
            }
        }

        private void answered(@Nullable Object answer) {
            if (!end()) {
                return;
            }
            if (permit != null) {
                permit.succeeded();
            }
            settle(work, () -> {
                outcome.answered(work.event, answer);
                return true;
            });
            pump();
        }

        private void failed(Throwable failure) {
            if (!end()) {
                return;
            }
            boolean forGood = isForGood(failure);
            if (permit != null && forGood) {
                permit.succeeded();
            } else if (permit != null) {
                permit.failed();
            }
            RetryPolicy retry = settings.retry();
            if (forGood || retry == null || retry.isExhausted(work.attempts)) {
                giveUp(work, failure);
            } else {
                again(retry.pauseAfter(work.attempts), failure);
            }
            pump();
        }

        private void again(Duration backoff, Throwable failure) {
            Duration pause =
                    failure instanceof LaterException later && later.pause().compareTo(backoff) > 0
                            ? later.pause()
                            : backoff;
            context.repeated(work.event, work.attempts, pause, failure);
            context.timers().after(pause, () -> {
                waiting.addFirst(work);
                pump();
            });
        }
    }

    private static boolean isForGood(Throwable failure) {
        return failure instanceof StageException
                || (failure instanceof Refusal refusal && !refusal.code().retryable());
    }

    private void giveUp(Work work, Throwable failure) {
        settle(work, () -> {
            boolean settled = outcome.settles(work.event, failure);
            if (!settled) {
                work.hold.fail(failure);
            }
            return settled;
        });
    }

    private interface Settling {
        boolean isDone();
    }

    private static void settle(Work work, Settling settling) {
        if (!work.hold.isOpen()) {
            return;
        }
        boolean done;
        try {
            done = settling.isDone();
        } catch (RuntimeException error) {
            work.hold.fail(error);
            return;
        }
        if (done) {
            work.hold.done();
        }
    }
}
