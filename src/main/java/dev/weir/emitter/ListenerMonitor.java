package dev.weir.emitter;

import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts listeners from time to time and warns when they only ever become more: listeners that are added and never removed are the
 * commonest leak of programs made of events. What is watched is the floor: in the last twelve looks, the fewest of the first four,
 * of the next four and of the last four. Where listeners come and go it stays; where they leak it rises.
 *
 * <pre>{@code
 * ListenerMonitor.of(vertx, Duration.ofMinutes(1)).watch(orders).onGrowth(growth -> page(growth));
 * }</pre>
 *
 * <p>Belongs to the context that made it. Bounded: 120 samples of each name, 1000 names.
 */
public final class ListenerMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerMonitor.class);
    private static final int KEPT = 120;
    private static final int MOST_NAMES = 1000;
    private static final int PART = 4;
    private static final int LOOKS = 3 * PART;
    private static final int LEAST_RISE = 3;

    /** So many listeners at that time. */
    public record Sample(Instant time, int count) {}

    /**
     * The floor rises.
     *
     * @param name of what was counted: the address, or address and type
     * @param from the fewest at the beginning
     * @param to the fewest lately
     * @param over how long the looks took
     */
    public record Growth(String name, int from, int to, Duration over) {}

    private final Clock clock;
    private final Timers.Timer timer;
    private final Duration every;
    private final Map<String, IntSupplier> counts = new LinkedHashMap<>();
    private final List<Emitter> emitters = new ArrayList<>();
    private final Map<String, ArrayDeque<Sample>> series = new LinkedHashMap<>();
    private final Map<String, Integer> warned = new HashMap<>();
    private final List<Consumer<Growth>> listeners = new ArrayList<>(1);
    private @Nullable Consumer<Map<String, Sample>> observer;

    /** Begins to look. */
    public ListenerMonitor(Timers timers, Clock clock, Duration every) {
        this.clock = clock;
        this.every = every;
        this.timer = timers.every(every, this::look);
    }

    /** On the time of this Vert.x instance. */
    public static ListenerMonitor of(Vertx vertx, Duration every) {
        return new ListenerMonitor(Timers.of(vertx), Clock.of(vertx), every);
    }

    /** Counts the listeners of an emitter: all under its address, those of a type under address and type with a blank between. */
    public ListenerMonitor watch(Emitter emitter) {
        emitters.add(emitter);
        return this;
    }

    /** Counts anything else that should not grow for ever. */
    public ListenerMonitor watch(String name, IntSupplier count) {
        counts.put(name, count);
        return this;
    }

    /** Hears of growth, which is said in the log as well: once, and again when there are twice as many. */
    public ListenerMonitor onGrowth(Consumer<Growth> listener) {
        listeners.add(listener);
        return this;
    }

    /** Gets the counts of every look, for whoever shows or keeps them. */
    public ListenerMonitor onLook(Consumer<Map<String, Sample>> shown) {
        observer = shown;
        return this;
    }

    /** What was counted, by name. */
    public List<String> names() {
        return List.copyOf(series.keySet());
    }

    /** What was counted under a name, the oldest first. */
    public List<Sample> series(String name) {
        ArrayDeque<Sample> known = series.get(name);
        return known == null ? List.of() : List.copyOf(known);
    }

    /** Ends it. */
    public void close() {
        timer.cancel();
    }

    private void look() {
        Map<String, Integer> now = new LinkedHashMap<>();
        counts.forEach((name, count) -> now.put(name, count.getAsInt()));
        emitters.forEach(emitter -> count(emitter, now));
        // What had listeners and has none is as well worth knowing; what never comes again is forgotten.
        series.keySet().forEach(name -> now.putIfAbsent(name, 0));
        Instant time = clock.now();
        Map<String, Sample> looked = new LinkedHashMap<>();
        now.forEach((name, count) -> {
            Sample sample = new Sample(time, count);
            if (record(name, sample)) {
                looked.put(name, sample);
                judge(name);
            }
        });
        Consumer<Map<String, Sample>> shown = observer;
        if (shown != null) {
            SafeEmit.to(List.of(shown), looked).log(LOG, "what observes listeners");
        }
    }

    private static void count(Emitter emitter, Map<String, Integer> now) {
        int all = 0;
        for (String type : emitter.eventNames()) {
            int some = emitter.listenerCount(type);
            all += some;
            now.merge(emitter.address() + ' ' + type, some, Integer::sum);
        }
        now.merge(emitter.address(), all, Integer::sum);
    }

    private boolean record(String name, Sample sample) {
        ArrayDeque<Sample> known = series.get(name);
        if (known == null) {
            if (series.size() >= MOST_NAMES) {
                return false;
            }
            known = new ArrayDeque<>();
            series.put(name, known);
        }
        if (known.size() == KEPT) {
            known.remove();
        }
        known.add(sample);
        if (known.stream().allMatch(each -> each.count == 0) && known.size() >= LOOKS) {
            series.remove(name);
            warned.remove(name);
        }
        return true;
    }

    private void judge(String name) {
        List<Sample> all = series(name);
        if (all.size() < LOOKS) {
            return;
        }
        List<Sample> last = all.subList(all.size() - LOOKS, all.size());
        int[] floor = IntStream.range(0, LOOKS / PART)
                .map(part -> fewest(last.subList(part * PART, (part + 1) * PART)))
                .toArray();
        Integer said = warned.get(name);
        if (rises(floor[1] - floor[0], floor[2] - floor[1]) && (said == null || floor[2] >= 2 * said)) {
            warned.put(name, floor[2]);
            warn(new Growth(name, floor[0], floor[2], every.multipliedBy(LOOKS)));
        } else if (said != null && 2 * floor[2] <= said) {
            warned.remove(name);
        }
    }

    /** Both times, and not in one step: whoever adds a hundred listeners at once means it. */
    private static boolean rises(int first, int second) {
        return first > 0
                && second > 0
                && first + second >= LEAST_RISE
                && 4 * Math.min(first, second) >= Math.max(first, second);
    }

    private static int fewest(List<Sample> some) {
        return some.stream().mapToInt(Sample::count).min().orElse(0);
    }

    private void warn(Growth growth) {
        LOG.warn(
                "'{}' had {} listeners or more, now {} or more, and lost none of them for good in {}: possibly a leak; remove listeners"
                        + " with off()",
                growth.name,
                growth.from,
                growth.to,
                growth.over);
        SafeEmit.to(listeners, growth).log(LOG, "a listener of growth");
    }
}
