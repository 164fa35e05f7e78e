package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.time.Timers;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What one stage of a lane remembers by key. Owned by the lane's event loop. */
final class StateTable<V> implements KeyedState<V> {
    /** How many keys a stage remembers. */
    static final long MOST_KEYS = 1_000_000;

    /** How long a key may be: an index of PostgreSQL has to hold it. */
    private static final int MOST_KEY_BYTES = 2_000;

    private static final class Entry<V> {
        V value;
        long dueMillis;

        Entry(V value, long dueMillis) {
            this.value = value;
            this.dueMillis = dueMillis;
        }
    }

    private record Alarm(long dueMillis, String key) {}

    private final Step step;
    private final Lane lane;
    private final StateCodec<V> codec;
    private final Due<V> due;
    private final long bound;
    private final Map<String, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Alarm::dueMillis).thenComparing(Alarm::key));
    private Timers.@Nullable Timer timer;
    private long timerAtMillis = Long.MAX_VALUE;
    private boolean closed;

    StateTable(Step step, Lane lane, StateCodec<V> codec, Due<V> due, long bound) {
        this.step = step;
        this.lane = lane;
        this.codec = codec;
        this.due = due;
        this.bound = bound;
    }

    Step step() {
        return step;
    }

    @Override
    public @Nullable V get(String key) {
        Entry<V> entry = entries.get(key);
        return entry == null ? null : entry.value;
    }

    @Override
    public void put(String key, V value) {
        put(key, value, 0);
    }

    @Override
    public void put(String key, V value, long dueMillis) {
        if (key.indexOf(0) >= 0) {
            throw new StageException("the key '" + key.replace('\0', '?')
                    + "' has the character U+0000, which cannot be kept; choose another `by`");
        }
        if (key.length() > MOST_KEY_BYTES / 3 && key.getBytes(StandardCharsets.UTF_8).length > MOST_KEY_BYTES) {
            throw new StageException("the key '" + key.substring(0, 40) + "...' has more than " + MOST_KEY_BYTES
                    + " bytes, which cannot be kept; choose another `by`");
        }
        enter(key, value, dueMillis);
        lane.remember(this, key);
        if (entries.size() > bound) {
            evict();
        }
    }

    private void enter(String key, V value, long dueMillis) {
        Entry<V> entry = entries.get(key);
        if (entry == null) {
            entry = new Entry<>(value, 0);
            entries.put(key, entry);
            step.counts().keys = entries.size();
        }
        entry.value = value;
        if (dueMillis != 0 && entry.dueMillis != dueMillis) {
            alarms.add(new Alarm(dueMillis, key));
        }
        entry.dueMillis = dueMillis;
        if (dueMillis != 0 && dueMillis < timerAtMillis) {
            arm();
        }
        if (alarms.size() > 1_000 && alarms.size() > 4 * entries.size()) {
            alarms.removeIf(alarm -> isStale(alarm));
        }
    }

    private boolean isStale(Alarm alarm) {
        Entry<V> entry = entries.get(alarm.key());
        return entry == null || entry.dueMillis != alarm.dueMillis();
    }

    private void evict() {
        Iterator<Map.Entry<String, Entry<V>>> oldest = entries.entrySet().iterator();
        Map.Entry<String, Entry<V>> gone = oldest.next();
        oldest.remove();
        step.counts().evicted.increment();
        lane.remember(this, gone.getKey());
        step.guarded(() -> due.evicted(gone.getKey(), gone.getValue().value));
    }

    @Override
    public void remove(String key) {
        if (entries.remove(key) != null) {
            step.counts().keys = entries.size();
            lane.remember(this, key);
        }
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public void forEach(BiConsumer<String, V> action) {
        entries.forEach((key, entry) -> action.accept(key, entry.value));
    }

    /** What is to be kept of a key now. */
    FlowCommit.State stored(String key) {
        Entry<V> entry = entries.get(key);
        int partition = lane.partitionOf(key);
        String stage = step.spec().stateName();
        return entry == null
                ? new FlowCommit.State(partition, stage, key, null, 0)
                : new FlowCommit.State(
                        partition, stage, key, Json.encode(codec.write().apply(entry.value)), entry.dueMillis);
    }

    /** Takes up what was kept. */
    void restore(String key, String json, long dueMillis) {
        enter(key, codec.read().apply(StateCodec.nonNull(Json.decodeValue(json))), dueMillis);
    }

    /** Drops what belongs to partitions that are another node's now; the store has it. */
    void dropPartitions(IntPredicate gone) {
        entries.keySet().removeIf(key -> gone.test(lane.partitionOf(key)));
        step.counts().keys = entries.size();
    }

    void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
        entries.clear();
        alarms.clear();
        step.counts().keys = 0;
    }

    private void arm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        timerAtMillis = Long.MAX_VALUE;
        Alarm next = alarms.peek();
        if (next != null && !closed) {
            timerAtMillis = next.dueMillis();
            long wait = Math.max(1, next.dueMillis() - lane.clock().millis());
            // A long wait is cut into short ones, so that a clock that is set is noticed.
            timer = lane.timers().after(Duration.ofMillis(Math.min(wait, 60_000)), this::fire);
        }
    }

    private void fire() {
        timer = null;
        long now = lane.clock().millis();
        for (Alarm next = alarms.peek(); next != null && next.dueMillis() <= now; next = alarms.peek()) {
            alarms.remove();
            ring(next);
        }
        arm();
    }

    private void ring(Alarm alarm) {
        Entry<V> entry = entries.get(alarm.key());
        if (entry != null && entry.dueMillis == alarm.dueMillis()) {
            entry.dueMillis = 0;
            lane.remember(this, alarm.key());
            step.guarded(() -> due.due(alarm.key(), entry.value));
        }
    }
}
