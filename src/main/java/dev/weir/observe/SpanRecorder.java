package dev.weir.observe;

import dev.weir.bus.SpanKind;
import dev.weir.bus.Spans;
import dev.weir.bus.TraceParent;
import dev.weir.config.TracingConfig;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.time.Clock;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The recorder of a node: a ring of the newest spans in memory. Which traces are sampled is a matter of their ids, so that all nodes
 * with the same share agree. Everything that producers can bring about is bounded per second. Thread-safe, never waits.
 */
public final class SpanRecorder implements Spans {
    /** Most spans in an answer. */
    static final int MOST_ANSWERED = 500;

    /** All there is room for in a second, about a hundredth of a core; whoever samples more sees a part. */
    private static final int MOST_SPANS = 20_000;

    private static final int MOST_FAILURES = 2_000;
    private static final int MOST_REFUSALS = 100;
    private static final int REMEMBERED = 4_096;
    private static final int RANDOM_BITS = 56;
    private static final long RANDOM = (1L << RANDOM_BITS) - 1;
    private static final String CORRELATION = EventHeaders.headerOf("correlationid");
    private static final long MILLI = 1_000_000L;
    private static final long HOUR = 3_600_000L * MILLI;

    /** When an event came in here. */
    private record Begun(String traceparent, long nanos) {}

    /** @param fromLow a trace is sampled when the low 56 bits of its id are not below, as OpenTelemetry does it */
    private record Share(long fromLow, int asked) {}

    private final Clock clock;
    private final Ring ring;
    private final AtomicReferenceArray<@Nullable Begun> begun = new AtomicReferenceArray<>(REMEMBERED);
    private final Budget asked = new Budget();
    private final Budget all = new Budget();
    private final Budget failures = new Budget();
    private final Budget refusals = new Budget();
    private final LongAdder left = new LongAdder();
    private final WallTime wall;
    private volatile Share share;
    private volatile boolean active;

    /** Records as it is told; {@link #use} says otherwise later. */
    public SpanRecorder(Clock clock, TracingConfig config) {
        this.clock = clock;
        this.wall = new WallTime(clock);
        this.ring = new Ring(config.keep());
        this.share = shareOf(config);
        this.active = config.sample() > 0;
    }

    /** Follows another configuration; how many spans are kept stays as it is. */
    public void use(TracingConfig config) {
        share = shareOf(config);
        active = config.sample() > 0;
    }

    private static Share shareOf(TracingConfig config) {
        long from = config.sample() >= 1 ? 0 : (long) ((1 - config.sample()) * (1L << RANDOM_BITS));
        return new Share(from, config.asked());
    }

    /** Spans recorded since start. */
    public long recorded() {
        return ring.next();
    }

    /** Spans left out since start, being too many in one second. */
    public long leftOut() {
        return left.sum();
    }

    Ring ring() {
        return ring;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public boolean isOn(MultiMap headers) {
        return active && TraceParent.isSampled(headers.get(TraceParent.NAME));
    }

    @Override
    public boolean samples(long random) {
        return active && (random & RANDOM) >= share.fromLow;
    }

    @Override
    public boolean grants() {
        return active && asked.take(clock.nanos(), share.asked);
    }

    @Override
    public long nanos() {
        return clock.nanos();
    }

    @Override
    public long began(MultiMap headers) {
        long now = clock.nanos();
        String traceparent = headers.get(TraceParent.NAME);
        if (traceparent != null) {
            begun.set(slot(traceparent), new Begun(traceparent, now));
        }
        return now;
    }

    private static int slot(String traceparent) {
        return traceparent.hashCode() & (REMEMBERED - 1);
    }

    @Override
    public void record(SpanKind kind, String name, MultiMap headers, long began, long took, Object... detail) {
        add(kind, name, subject(headers, null), wall.at(began), took, null, detail);
    }

    @Override
    public void accepted(
            String address,
            MultiMap headers,
            @Nullable String given,
            long began,
            @Nullable String error,
            Object... detail) {
        add(SpanKind.ACCEPT, address, subject(headers, given), wall.at(began), clock.nanos() - began, error, detail);
    }

    @Override
    public void delivered(String address, MultiMap headers, Object... detail) {
        Span.Subject subject = subject(headers, null);
        String traceparent = subject.traceparent();
        Begun here = traceparent == null ? null : begun.get(slot(traceparent));
        long took =
                here != null && here.traceparent.equals(traceparent) ? clock.nanos() - here.nanos : elsewhere(headers);
        add(SpanKind.DELIVER, address, subject, wall.now() - took, took, null, detail);
    }

    /** By the clocks of two nodes, as far as they agree; 0 when they do not. */
    private long elsewhere(MultiMap headers) {
        String time = headers.get(EventHeaders.TIME);
        try {
            long began = time == null ? 0 : EventHeaders.parseTime(time).toEpochMilli() * MILLI;
            long took = wall.now() - began;
            return took > 0 && took < HOUR ? took : 0;
        } catch (InvalidEventException | ArithmeticException noTime) {
            return 0;
        }
    }

    @Override
    public void failed(
            SpanKind kind, String name, MultiMap headers, long began, long took, String error, Object... detail) {
        if (!active) {
            return;
        }
        if (failures.take(clock.nanos(), MOST_FAILURES)) {
            add(kind, name, subject(headers, null), wall.at(began), took, error, detail);
        } else {
            left.increment();
        }
    }

    @Override
    public void refused(String address, MultiMap headers, String error) {
        if (!active) {
            return;
        }
        if (refusals.take(clock.nanos(), MOST_REFUSALS)) {
            add(SpanKind.ACCEPT, address, subject(headers, null), wall.now(), 0, error);
        } else {
            left.increment();
        }
    }

    private static Span.Subject subject(MultiMap headers, @Nullable String given) {
        return new Span.Subject(
                headers.get(EventHeaders.ID), headers.get(CORRELATION), headers.get(TraceParent.NAME), given);
    }

    private void add(
            SpanKind kind,
            String name,
            Span.Subject subject,
            long beganWall,
            long took,
            @Nullable String error,
            Object... detail) {
        if (!all.take(clock.nanos(), MOST_SPANS)) {
            left.increment();
            return;
        }
        long random = ThreadLocalRandom.current().nextLong();
        ring.add(number -> new Span(number, kind, name, subject, beganWall, took, error, detail, random));
    }

    /** Answers the question {@code spans}, in the order in which they began; a look at all there is, since that is asked seldom. */
    public JsonObject answer(JsonObject asked, String node) {
        String event = asked.getString("event");
        String correlation = asked.getString("correlation");
        String trace = asked.getString("trace");
        List<Span> found = new ArrayList<>();
        ring.newestFirst(span -> {
            if (found.size() < MOST_ANSWERED && isOf(span, event, correlation, trace)) {
                found.add(span);
            }
        });
        Collections.reverse(found);
        found.sort(Comparator.comparingLong(span -> span.began));
        JsonArray spans = new JsonArray();
        found.forEach(span -> spans.add(span.toJson(node)));
        return new JsonObject().put("spans", spans);
    }

    private static boolean isOf(
            Span span, @Nullable String event, @Nullable String correlation, @Nullable String trace) {
        return (event != null && event.equals(span.event))
                || (correlation != null && correlation.equals(span.correlation))
                || (trace != null && trace.equals(span.trace()));
    }
}
