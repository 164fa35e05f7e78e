package dev.weir.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Stretches of a log that came before what precedes them: in the order of their offsets, up to about a mebibyte. What does not fit is
 * left out, since the journal has it all. Owned by its {@link Feed}.
 */
final class Ahead {
    private static final long MOST_BYTES = 1L << 20;
    private static final int PER_EVENT = 100;
    private static final int PER_VALUE = 8;

    private final TreeMap<Long, Kept> stretches = new TreeMap<>();
    private long bytes;

    boolean isEmpty() {
        return stretches.isEmpty();
    }

    /** Whether no more is held until some of it goes. */
    boolean isFull() {
        return bytes >= MOST_BYTES;
    }

    /** Holds a stretch, if there is room. Of two with the same beginning the longer one stays. */
    void hold(Kept stretch) {
        Kept known = stretches.get(stretch.from());
        if (isFull() || (known != null && known.to() >= stretch.to())) {
            return;
        }
        bytes += weight(stretch) - (known == null ? 0 : weight(known));
        stretches.put(stretch.from(), stretch);
    }

    /** Takes out the first stretch if there is nothing missing between it and that offset; else null. */
    @Nullable
    Kept upTo(long offset) {
        Map.Entry<Long, Kept> first = stretches.firstEntry();
        if (first == null || first.getKey() > offset) {
            return null;
        }
        stretches.pollFirstEntry();
        bytes -= weight(first.getValue());
        return first.getValue();
    }

    void clear() {
        stretches.clear();
        bytes = 0;
    }

    /** About how much memory a stretch takes; nothing is encoded for that. */
    private static long weight(Kept stretch) {
        long sum = 0;
        for (KeptEvent event : stretch.events()) {
            byte[] json = event.json();
            sum += PER_EVENT + (json == null ? weight(event.body()) : json.length);
            for (Map.Entry<String, String> header : event.headers()) {
                sum += header.getKey().length() + header.getValue().length();
            }
        }
        return sum;
    }

    private static long weight(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return text.length();
        }
        if (value instanceof Buffer data) {
            return data.length();
        }
        if (value instanceof JsonObject object) {
            return weight(object.getMap());
        }
        if (value instanceof JsonArray array) {
            return weight(array.getList());
        }
        long sum = PER_VALUE;
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> each : map.entrySet()) {
                sum += weight(each.getKey()) + weight(each.getValue());
            }
        } else if (value instanceof Iterable<?> list) {
            for (Object each : list) {
                sum += weight(each);
            }
        }
        return sum;
    }
}
