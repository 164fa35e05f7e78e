package dev.weir.flow.stage;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long values are as JSON, counted without writing them: exact but for characters that JSON escapes, which count as what they
 * are in UTF-8. Pure functions.
 */
final class JsonSize {
    private JsonSize() {}

    /** Bytes in UTF-8; of binary data in Base64. */
    static long of(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return of(object.getMap());
        } else if (value instanceof JsonArray array) {
            return of(array.getList());
        } else if (value instanceof Map<?, ?> map) {
            long size = 2L + Math.max(0, map.size() - 1);
            for (Map.Entry<?, ?> field : map.entrySet()) {
                size += of(field.getKey()) + 1 + of(field.getValue());
            }
            return size;
        } else if (value instanceof List<?> list) {
            long size = 2L + Math.max(0, list.size() - 1);
            for (Object item : list) {
                size += of(item);
            }
            return size;
        } else if (value instanceof String text) {
            return 2 + utf8(text);
        }
        return value instanceof Buffer bytes
                ? 2 + (bytes.length() + 2L) / 3 * 4
                : String.valueOf(value).length();
    }

    private static long utf8(String text) {
        long size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A pair of surrogates is four bytes.
            size += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return size;
    }
}
