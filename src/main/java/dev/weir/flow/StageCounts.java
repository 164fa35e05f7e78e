package dev.weir.flow;

import dev.weir.emitter.CircuitBreaker;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is counted of a stage on a node, over all its lanes' lives. One thread counts, any reads. */
final class StageCounts {
    /** One event in so many is timed. */
    private static final int SAMPLED = 64;

    final Count in = new Count();
    final Count out = new Count();
    final Count dropped = new Count();
    final Count errors = new Count();
    final Count retries = new Count();
    final Count dead = new Count();
    final Count evicted = new Count();
    final Count timedNanos = new Count();
    final Count timed = new Count();
    private final Map<String, Count> others = new ConcurrentHashMap<>();
    /** How many keys are remembered now. */
    volatile int keys;
    /** How many events wait here now. */
    volatile int held;

    private volatile CircuitBreaker.@Nullable State breaker;
    private Runnable onBreaker = () -> {};

    private final StageErrors lastErrors = new StageErrors();

    private int turn;

    /** Whether the next event is one of those that are timed. */
    boolean isSampled() {
        turn = (turn + 1) % SAMPLED;
        return turn == 0;
    }

    void timed(long nanos) {
        timedNanos.add(nanos);
        timed.increment();
    }

    void other(String what, long by) {
        others.computeIfAbsent(what, first -> new Count()).add(by);
    }

    /** Says what is done when it is known that the stage has a circuit breaker. */
    void onBreaker(Runnable listener) {
        onBreaker = listener;
    }

    /** How its circuit breaker stands; null when it has none, or none any more. */
    void breaker(CircuitBreaker.@Nullable State now) {
        breaker = now;
        if (now != null) {
            onBreaker.run();
            onBreaker = () -> {};
        }
    }

    /** 0 closed, 1 half-open, 2 open. */
    long openness() {
        CircuitBreaker.State now = breaker;
        return now == null || now == CircuitBreaker.State.CLOSED ? 0 : now == CircuitBreaker.State.OPEN ? 2 : 1;
    }

    StageErrors lastErrors() {
        return lastErrors;
    }

    Map<String, Count> others() {
        return others;
    }

    /** As it is shown where it runs: with the state of its breaker and its last errors. */
    JsonObject toLiveJson() {
        JsonObject json = toJson().put("lastErrors", lastErrors.toJson());
        CircuitBreaker.State state = breaker;
        return state == null ? json : json.put("breaker", state.word());
    }

    /** What is counted. */
    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("in", in.get())
                .put("out", out.get())
                .put("dropped", dropped.get())
                .put("errors", errors.get())
                .put("retries", retries.get())
                .put("deadLettered", dead.get())
                .put("evicted", evicted.get())
                .put("keys", keys)
                .put("held", held);
        long samples = timed.get();
        if (samples > 0) {
            json.put("nanos", timedNanos.get() / samples);
        }
        others.forEach((what, count) -> json.put(what, count.get()));
        return json;
    }
}
