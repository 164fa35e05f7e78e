package dev.weir.flow;

import dev.weir.bus.FlowJournal;
import dev.weir.expression.Expressions;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** How values become keys, and keys partitions: the same on every node and in every version. Pure functions. */
public final class Keys {
    private Keys() {}

    /** What an expression gave, as a key: text as it is, whole numbers without a point, nothing as empty. */
    public static String of(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString(number.longValue());
        }
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        return Json.encode(Expressions.toJson(value));
    }

    /** The partition of a key: CRC-32C of its UTF-8, modulo 64. */
    static int partition(String key) {
        CRC32C sum = new CRC32C();
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        sum.update(bytes, 0, bytes.length);
        return (int) (sum.getValue() % FlowJournal.PARTITIONS);
    }
}
