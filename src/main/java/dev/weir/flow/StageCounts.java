package dev.weir.flow;

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

    /** Of its circuit breaker: closed, open or half-open; null where it has none. */
    volatile @Nullable String breaker;

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

    StageErrors lastErrors() {
        return lastErrors;
    }

    Map<String, Count> others() {
        return others;
    }

    /** As it is shown where it runs: with the state of its breaker and its last errors. */
    JsonObject toLiveJson() {
        JsonObject json = toJson().put("lastErrors", lastErrors.toJson());
        String state = breaker;
        return state == null ? json : json.put("breaker", state);
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
