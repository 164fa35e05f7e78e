package dev.weir.journal.subscription;

import dev.weir.bus.KeptEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Roughly how many bytes an event has on the wire, without encoding it. Stateless. */
final class Weight {
    private static final int HEADERS = 200;
    private static final int SIMPLE = 8;

    private Weight() {}

    static int of(KeptEvent event) {
        return HEADERS + of(event.body());
    }

    private static int of(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return text.length() + SIMPLE;
        }
        if (value instanceof Buffer bytes) {
            return bytes.length() * 4 / 3;
        }
        if (value instanceof JsonObject object) {
            return of(object.getMap());
        }
        if (value instanceof JsonArray array) {
            return of(array.getList());
        }
        int sum = SIMPLE;
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> each : map.entrySet()) {
                sum += of(each.getKey()) + of(each.getValue());
            }
        } else if (value instanceof Iterable<?> list) {
            for (Object each : list) {
                sum += of(each);
            }
        }
        return sum;
    }
}
