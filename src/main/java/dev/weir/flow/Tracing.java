package dev.weir.flow;

import dev.weir.bus.SpanKind;
import dev.weir.bus.Spans;
import dev.weir.bus.Wire;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Records what the steps of a lane do with sampled events, and what goes wrong with any. A stage that gives an event on at once runs
 * those behind it meanwhile; their time is not counted as its own. Owned by the lane's event loop.
 */
final class Tracing {
    /** Records nothing. */
    static final Tracing OFF = new Tracing(Spans.OFF, "");

    private static final String ATTEMPT = "attempt";

    private final Spans spans;
    private final String flow;
    /** Time of the attempts that ended within the one that runs now. */
    private long inner;

    Tracing(Spans spans, String flow) {
        this.spans = spans;
        this.flow = flow;
    }

    /** Whether an event's steps are recorded. */
    boolean isOn(FlowEvent event) {
        return spans.isActive() && event.arrival().isSampled();
    }

    /** The same for an event that waits: once it has failed they are. */
    boolean isOn(Item item) {
        return spans.isActive() && (item.attempts > 0 || item.event.arrival().isSampled());
    }

    /** The lane takes an event. */
    void take(FlowEvent event, Receiver head) {
        if (!isOn(event)) {
            head.accept(event);
            return;
        }
        long began = spans.nanos();
        inner = 0;
        head.accept(event);
        Arrival arrival = event.arrival();
        String offset = arrival.headers().get(Wire.OFFSET);
        spans.record(
                SpanKind.FLOW,
                flow,
                arrival.headers(),
                began,
                spans.nanos() - began,
                "input",
                arrival.input(),
                "partition",
                arrival.partition(),
                "offset",
                offset == null ? "" : offset);
    }

    /**
     * Runs an attempt.
     *
     * @param item null when the event did not wait
     * @param attempt whether the stage is done with it, neither holding it nor failing
     */
    void attempt(StageSpec stage, FlowEvent event, @Nullable Item item, BooleanSupplier attempt) {
        long outer = inner;
        inner = 0;
        long began = spans.nanos();
        boolean done = attempt.getAsBoolean();
        long took = spans.nanos() - began;
        if (done) {
            record(stage, event, began, took - inner, item == null ? 1 : item.attempts + 1);
        }
        inner = outer + took;
    }

    /** A stage begins to hold an event. */
    void held(Item item) {
        if (isOn(item)) {
            item.heldNanos = spans.nanos();
        }
    }

    /** A stage is done with an event that it held. */
    void released(StageSpec stage, Item item) {
        if (isOn(item) && item.heldNanos != 0) {
            record(stage, item.event, item.heldNanos, spans.nanos() - item.heldNanos, item.attempts + 1);
        }
    }

    private void record(StageSpec stage, FlowEvent event, long began, long took, int attempt) {
        spans.record(
                SpanKind.STAGE,
                name(stage),
                event.arrival().headers(),
                began,
                took,
                ATTEMPT,
                attempt,
                "type",
                event.type());
    }

    /** An attempt failed and the event is tried again after a pause. */
    void again(StageSpec stage, FlowEvent event, @Nullable Item item, int attempts, long pauseMillis, String why) {
        failed(SpanKind.RETRY, stage, event, item, why, ATTEMPT, attempts, "pauseMillis", pauseMillis);
    }

    /** The same within a stage that asks an outside by itself. */
    void repeated(StageSpec stage, FlowEvent event, int attempts, Duration pause, String why) {
        failed(SpanKind.RETRY, stage, event, null, why, "call", attempts, "pauseMillis", pause.toMillis());
    }

    /** The event could not be processed, and this is done with it. */
    void ended(StageSpec stage, FlowEvent event, @Nullable Item item, int attempts, ErrorPolicy.Then then, String why) {
        SpanKind kind = then == ErrorPolicy.Then.DEAD_LETTER ? SpanKind.DEAD_LETTER : SpanKind.STAGE;
        failed(kind, stage, event, item, why, ATTEMPT, attempts, "then", then.word());
    }

    private void failed(
            SpanKind kind, StageSpec stage, FlowEvent event, @Nullable Item item, String why, Object... detail) {
        if (spans.isActive()) {
            long now = spans.nanos();
            long began = item == null || item.heldNanos == 0 ? now : item.heldNanos;
            MultiMap headers = event.arrival().headers();
            spans.failed(kind, name(stage), headers, began, now - began, why, detail);
        }
    }

    private String name(StageSpec stage) {
        return flow + "/" + stage.id();
    }
}
