package dev.weir.emitter;

import dev.weir.bus.Publisher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of one emitter by type, in order. Changed on the emitter's context alone, read by any thread: each change makes a
 * new snapshot.
 */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);
    private static final int DEFAULT_MAX = 10;

    /** One listener; {@code once} means that it hears one event. */
    record Entry(Listener<Object> listener, boolean once) {}

    private final String address;
    private final LongAdder count;
    private final Set<String> warned = new HashSet<>();
    private volatile Map<String, List<Entry>> byType = Map.of();
    private volatile int max = DEFAULT_MAX;

    /** @param count goes up and down with the number of listeners beyond the first */
    Listeners(String address, LongAdder count) {
        this.address = address;
        this.count = count;
    }

    void max(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("setMaxListeners takes 0 (unbounded) or more, not " + most);
        }
        max = most;
    }

    int max() {
        return max;
    }

    void add(String type, Entry entry, boolean first) {
        List<Entry> all = new ArrayList<>(of(type));
        all.add(first ? 0 : all.size(), entry);
        put(type, all);
        if (max > 0 && all.size() > max && warned.add(type)) {
            LOG.warn(
                    "{} listeners of '{}' on the emitter of '{}': possibly a leak; remove them, or raise setMaxListeners",
                    all.size(),
                    type,
                    address);
        }
    }

    /** Removes the listener added last, as in Node; false when it was not there. */
    boolean remove(String type, Listener<?> listener) {
        List<Entry> all = new ArrayList<>(of(type));
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).listener().equals(listener)) {
                all.remove(i);
                put(type, all);
                return true;
            }
        }
        return false;
    }

    private void put(String type, List<Entry> all) {
        Map<String, List<Entry>> changed = new LinkedHashMap<>(byType);
        int before = further(byType);
        if (all.isEmpty()) {
            changed.remove(type);
        } else {
            changed.put(type, List.copyOf(all));
        }
        byType = changed;
        count.add(further(changed) - before);
    }

    /** Those beyond the first: for that one the emitter's place on the bus stands. */
    private static int further(Map<String, List<Entry>> all) {
        int travelling = 0;
        for (Map.Entry<String, List<Entry>> each : all.entrySet()) {
            travelling += Publisher.LOCAL_TYPES.contains(each.getKey())
                    ? 0
                    : each.getValue().size();
        }
        return Math.max(0, travelling - 1);
    }

    /** A snapshot: who is added or removed meanwhile changes nothing for the event under way. */
    List<Entry> of(String type) {
        return byType.getOrDefault(type, List.of());
    }

    List<String> types() {
        return List.copyOf(byType.keySet());
    }
}
