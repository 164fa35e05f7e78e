package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The most frequent values, by Space-Saving (Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k elements in data
 * streams", 2005): so many counters; when all are taken, a new value takes over the one that counts least and what it had counted. So a
 * count is never too low, and too high by at most what was taken over, which is at most the number of values divided by the
 * number of counters. Merged as Agarwal and others do ("Mergeable summaries", 2012), which keeps that bound.
 *
 * <p>Counters that were taken over lie in a heap, the least first; each knows its place.
 */
final class Top implements Aggregate {
    private static final int LEAST_COUNTERS = 100;
    private static final int COUNTERS_FOR_EACH = 10;

    private final int capacity;
    private final Map<Object, Counter> counters = new LinkedHashMap<>(4);
    private final List<Counter> heap = new ArrayList<>(0);

    private static final class Counter {
        private final Object value;
        private long count;
        private long error;
        private int at;

        Counter(Object value, long count, long error) {
            this.value = value;
            this.count = count;
            this.error = error;
        }
    }

    Top(List<Object> constants) {
        capacity = (int) Math.max(LEAST_COUNTERS, COUNTERS_FOR_EACH * Numbers.whole(constants.get(0)));
    }

    Top(List<Object> constants, Object json) {
        this(constants);
        for (Object item : (JsonArray) json) {
            JsonArray parts = (JsonArray) item;
            Object value = Values.read(parts.getValue(0));
            if (value != null) {
                put(new Counter(Values.normal(value), parts.getLong(1), parts.getLong(2)));
            }
        }
    }

    @Override
    public void check(@Nullable Object value) {
        Values.check("top", value);
    }

    @Override
    public void add(@Nullable Object given, long time) {
        check(given);
        if (given == null) {
            return;
        }
        Object value = Values.normal(given);
        Counter counter = counters.get(value);
        if (counter != null) {
            counter.count++;
            down(counter);
        } else if (heap.size() < capacity) {
            put(new Counter(value, 1, 0));
        } else {
            takeOver(value);
        }
    }

    private void put(Counter counter) {
        counters.put(counter.value, counter);
        heap.add(counter);
        counter.at = heap.size() - 1;
        up(counter);
    }

    private void takeOver(Object value) {
        Counter least = heap.get(0);
        counters.remove(least.value);
        Counter counter = new Counter(value, least.count + 1, least.count);
        counters.put(value, counter);
        place(counter, 0);
        down(counter);
    }

    private void place(Counter counter, int at) {
        heap.set(at, counter);
        counter.at = at;
    }

    private void up(Counter counter) {
        int at = counter.at;
        while (at > 0 && heap.get((at - 1) / 2).count > counter.count) {
            place(heap.get((at - 1) / 2), at);
            at = (at - 1) / 2;
        }
        place(counter, at);
    }

    private void down(Counter counter) {
        int at = counter.at;
        while (2 * at + 1 < heap.size()) {
            int child = 2 * at + 1;
            if (child + 1 < heap.size() && heap.get(child + 1).count < heap.get(child).count) {
                child++;
            }
            if (heap.get(child).count >= counter.count) {
                break;
            }
            place(heap.get(child), at);
            at = child;
        }
        place(counter, at);
    }

    /** What a value may have been counted that has no counter. */
    private long missing() {
        return heap.size() < capacity ? 0 : heap.get(0).count;
    }

    @Override
    public void merge(Aggregate other) {
        Top that = (Top) other;
        long here = missing();
        long there = that.missing();
        List<Counter> all = new ArrayList<>();
        for (Counter mine : counters.values()) {
            Counter more = that.counters.get(mine.value);
            all.add(new Counter(
                    mine.value,
                    mine.count + (more == null ? there : more.count),
                    mine.error + (more == null ? there : more.error)));
        }
        for (Counter more : that.counters.values()) {
            if (!counters.containsKey(more.value)) {
                all.add(new Counter(more.value, more.count + here, more.error + here));
            }
        }
        if (all.size() > capacity) {
            all.sort(mostFirst());
        }
        counters.clear();
        heap.clear();
        all.stream().limit(capacity).forEach(this::put);
    }

    private static Comparator<Counter> mostFirst() {
        return Comparator.comparingLong((Counter counter) -> counter.count).reversed();
    }

    @Override
    public @Nullable Object result(List<Object> constants) {
        List<Counter> sorted = new ArrayList<>(counters.values());
        sorted.sort(mostFirst()); // stable: of equal counts, who came first
        JsonArray most = new JsonArray();
        sorted.stream().limit(Numbers.whole(constants.get(0))).forEach(counter -> {
            JsonObject entry = new JsonObject().put("value", counter.value).put("count", counter.count);
            most.add(counter.error == 0 ? entry : entry.put("error", counter.error));
        });
        return most.isEmpty() ? null : most;
    }

    @Override
    public Object toJson() {
        JsonArray written = new JsonArray();
        counters.values()
                .forEach(counter -> written.add(new JsonArray()
                        .add(Values.write(counter.value))
                        .add(counter.count)
                        .add(counter.error)));
        return written;
    }
}
