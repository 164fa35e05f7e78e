package dev.weir.journal.subscription;

import dev.weir.bus.SpanKind;
import dev.weir.bus.Spans;
import io.vertx.core.MultiMap;

/** Records what a subscription does with sampled events, and what goes wrong with any. Owned by the dispatcher. */
final class Tracing {
    /** Records nothing. */
    static final Tracing OFF = new Tracing(Spans.OFF, "");

    private static final String ATTEMPT = "attempt";
    private static final String OUTCOME = "outcome";

    private final Spans spans;
    private final String subscription;

    Tracing(Spans spans, String subscription) {
        this.spans = spans;
        this.subscription = subscription;
    }

    /** Steps after a failure are recorded whether the event is sampled or not. */
    private boolean isOn(Item item) {
        return spans.isActive() && (!item.failures.isEmpty() || spans.isOn(item.event.headers()));
    }

    /** A consumer gets it. */
    void delivered(Item item, String to) {
        if (isOn(item)) {
            item.deliveredNanos = spans.nanos();
            record(item, item.deliveredNanos, OUTCOME, "delivered", ATTEMPT, item.attempts, "to", to);
        }
    }

    /** A consumer is done with it. */
    void acknowledged(Item item) {
        if (isOn(item)) {
            record(item, beganOf(item), OUTCOME, "ack", ATTEMPT, item.attempts);
        }
    }

    private void record(Item item, long began, Object... detail) {
        MultiMap headers = item.event.headers();
        spans.record(SpanKind.SUBSCRIPTION, subscription, headers, began, spans.nanos() - began, detail);
    }

    /** It failed and is delivered again after a pause. */
    void again(Item item, long pauseMillis, String error) {
        failed(SpanKind.RETRY, item, error, ATTEMPT, item.attempts, "pauseMillis", pauseMillis);
    }

    /** It is a dead letter. */
    void dead(Item item, String reason, String error) {
        failed(SpanKind.DEAD_LETTER, item, error, ATTEMPT, item.attempts, "reason", reason);
    }

    private void failed(SpanKind kind, Item item, String error, Object... detail) {
        if (spans.isActive()) {
            long began = beganOf(item);
            spans.failed(kind, subscription, item.event.headers(), began, spans.nanos() - began, error, detail);
        }
    }

    private long beganOf(Item item) {
        return item.deliveredNanos == 0 ? spans.nanos() : item.deliveredNanos;
    }
}
