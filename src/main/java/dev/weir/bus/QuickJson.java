package dev.weir.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * JSON on the way of every event. What is plain, which is nearly all, is read and written by hand at about a third of what the general
 * library takes; whatever is out of the ordinary, wrong included, is left to that library, so results and errors are always its. Stateless.
 */
public final class QuickJson {
    private QuickJson() {}

    /**
     * A value as {@link Json#decodeValue(String)} gives it.
     *
     * @throws DecodeException when it is not JSON
     */
    public static @Nullable Object decode(String text) {
        Object value = QuickJsonReader.read(text);
        return value == QuickJsonReader.UNUSUAL ? Json.decodeValue(text) : value;
    }

    /**
     * The text that {@link Json#encodeToBuffer(Object)} gives, in UTF-8.
     *
     * @throws EncodeException when it is no JSON value
     */
    public static byte[] encode(@Nullable Object value) {
        byte[] text = QuickJsonWriter.write(value);
        if (text != null) {
            return text;
        }
        Buffer general = Json.encodeToBuffer(value);
        return general.getBytes();
    }
}
