package dev.weir.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table of the newest data by key, in memory, and who waits for what is not there yet. Whoever reads the address fills it. Owned by
 * the lane's event loop.
 */
final class Latest implements Lookup {
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, List<Waiting>> waiting = new HashMap<>();
    private final int most;
    private boolean ready;
    private long evicted;

    private static final class Waiting {
        private final Runnable then;
        private boolean over;

        Waiting(Runnable then) {
            this.then = then;
        }

        void call() {
            if (!over) {
                over = true;
                then.run();
            }
        }
    }

    /** @param most how many keys it has; beyond that the one that came first goes */
    Latest(int most) {
        this.most = most;
    }

    /** The newest event of a key came; one without data deletes its key. */
    void put(@Nullable String key, @Nullable Object data) {
        String own = Objects.requireNonNullElse(key, "");
        if (data == null) {
            values.remove(own);
            return;
        }
        values.put(own, data);
        if (values.size() > most) {
            values.remove(values.keySet().iterator().next());
            evicted++;
        }
        List<Waiting> called = waiting.remove(own);
        if (called != null) {
            called.forEach(Waiting::call);
        }
    }

    /** All that was kept is here. */
    void ready() {
        if (!ready) {
            ready = true;
            List<List<Waiting>> all = new ArrayList<>(waiting.values());
            waiting.clear();
            all.forEach(some -> some.forEach(Waiting::call));
        }
    }

    /** The log began anew. */
    void clear() {
        values.clear();
    }

    /** How many keys are not here because there are too many. */
    long evicted() {
        return evicted;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public @Nullable Object get(String key) {
        return values.get(key);
    }

    @Override
    public Runnable whenKnown(String key, Runnable then) {
        Waiting one = new Waiting(then);
        waiting.computeIfAbsent(key, first -> new ArrayList<>(1)).add(one);
        return () -> {
            one.over = true;
            waiting.computeIfPresent(key, (name, all) -> {
                all.remove(one);
                return all.isEmpty() ? null : all;
            });
        };
    }
}
