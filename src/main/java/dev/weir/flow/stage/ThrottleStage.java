package dev.weir.flow.stage;

import dev.weir.flow.FlowEvent;
import dev.weir.flow.Hold;
import dev.weir.flow.Keeps;
import dev.weir.flow.KeyedState;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import dev.weir.flow.StateCodec;
import dev.weir.time.Timers;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets pass so many per time. A token bucket, kept as one number per key: the time at which the bucket will be full again, in
 * nanoseconds since 1970 (the generic cell rate algorithm, ITU-T I.371).
 */
final class ThrottleStage implements Stage, KeyedState.Due<Long> {
    static final StageType TYPE = new StageType(
            "throttle",
            "Lets pass so many events per time.",
            "What is over the rate is dropped and counted, given to the side output `over`, or held until its time, in order;"
                    + " while many are held the inputs wait, so that nothing is lost. Held events survive a restart of a journaled"
                    + " flow.",
            "rate",
            List.of(
                    StageOption.required("rate", Kind.TEXT, "How many per time: `20/s`, `600/m`, `1000/h`."),
                    StageOption.count(
                            "burst",
                            1,
                            1,
                            1_000_000,
                            "How many pass at once after a pause; they count against the rate."),
                    StageOption.branch(
                            "over",
                            "drop",
                            List.of("drop", "delay"),
                            "What becomes of events over the rate: `drop`, `delay` (held until their time), or a way of their"
                                    + " own: `{stages: [...], to: ...}`."),
                    Grouping.BY,
                    Grouping.MAX_KEYS),
            new StageType.Traits(true, List.of("over"), false),
            "throttle: {rate: 10/s, burst: 20, by: event.key, over: delay}",
            ThrottleStage::make);

    private static final String OVER = "over";

    private record Made(double intervalNanos, long burst, String over, Grouping grouping) {}

    private record Held(FlowEvent event, Hold hold) {
        String id() {
            return hold.id();
        }
    }

    /** Events of one key that wait for their time. */
    private static final class Line {
        final Queue<Held> waiting = new PriorityQueue<>(2, Comparator.comparing(Held::id));
        Timers.@Nullable Timer timer;
    }

    private final StageContext context;
    private final Made made;
    private final KeyedState<Long> full;
    /** What is held here is held by the context too, which gives it again after a restart. */
    private final Map<String, Line> lines = new HashMap<>();

    private ThrottleStage(StageContext context, Made made) {
        this.context = context;
        this.made = made;
        this.full = context.state(StateCodec.WHOLE, this, made.grouping.most());
    }

    private static StageType.Factory make(StageOptions options) {
        options.keeps(Keeps.EVENT);
        String over = options.branchOrWord(OVER);
        Made made =
                new Made(1e9 / Allowance.rate(options, "rate"), options.count("burst"), over, Grouping.read(options));
        return context -> new ThrottleStage(context, made);
    }

    @Override
    public void accept(FlowEvent event) {
        String key = made.grouping.of(event);
        Line line = lines.get(key);
        if (line == null && waitMillis(key) <= 0) {
            take(key);
            context.emit(event);
        } else if (made.over.equals("delay")) {
            hold(key, event);
        } else if (made.over.equals(OVER)) {
            context.emit(OVER, event);
        } else {
            context.drop(event);
        }
    }

    private long nowNanos() {
        return context.clock().millis() * 1_000_000;
    }

    /** How long until the next event of a key may pass; zero or less for now. */
    private long waitMillis(String key) {
        Long fullAt = full.get(key);
        if (fullAt == null) {
            return 0;
        }
        double missing = fullAt - nowNanos() - (made.burst - 1) * made.intervalNanos;
        return (long) Math.ceil(missing / 1e6);
    }

    private void take(String key) {
        long now = nowNanos();
        Long before = full.get(key);
        long fullAt = Math.max(now, before == null ? now : before) + (long) made.intervalNanos;
        // Forgotten once it is full, at the full second, so that the many events of a key share a timer.
        long seconds = Math.floorDiv(fullAt, 1_000_000_000L) + 1;
        full.put(key, fullAt, seconds * 1_000);
    }

    private void hold(String key, FlowEvent event) {
        Line line = lines.computeIfAbsent(key, first -> new Line());
        line.waiting.add(new Held(event, context.hold(event)));
        if (line.timer == null) {
            arm(key, line);
        }
    }

    private void arm(String key, Line line) {
        line.timer = context.timers().after(Duration.ofMillis(Math.max(1, waitMillis(key))), () -> release(key, line));
    }

    private void release(String key, Line line) {
        line.timer = null;
        while (!line.waiting.isEmpty() && waitMillis(key) <= 0) {
            Held next = line.waiting.remove();
            if (next.hold.isOpen()) {
                take(key);
                context.emit(next.event);
                next.hold.done();
            }
        }
        if (line.waiting.isEmpty()) {
            lines.remove(key, line);
        } else if (line.timer == null) {
            arm(key, line);
        }
    }

    @Override
    public void due(String key, Long fullAt) {
        full.remove(key);
    }

    @Override
    public void close() {
        lines.values().forEach(line -> {
            if (line.timer != null) {
                line.timer.cancel();
            }
        });
        lines.clear();
    }
}
