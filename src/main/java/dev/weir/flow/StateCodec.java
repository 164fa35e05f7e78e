package dev.weir.flow;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a value of a stage's state is kept.
 *
 * @param write gives a JSON value: a {@link JsonObject}, {@link JsonArray}, text, number or boolean
 * @param read takes what {@code write} gave
 */
public record StateCodec<V>(Function<V, Object> write, Function<Object, V> read) {
    /** Texts. */
    public static final StateCodec<String> TEXT = new StateCodec<>(value -> value, String::valueOf);

    /** Whole numbers. */
    public static final StateCodec<Long> WHOLE =
            new StateCodec<>(value -> value, value -> ((Number) value).longValue());

    /** An event, to be given on later. */
    public static final StateCodec<FlowEvent> EVENT = new StateCodec<>(EventText::write, EventText::read);

    /** Reads JSON, which is never null here. */
    static Object nonNull(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("a state is kept as a JSON value, never null");
        }
        return value;
    }
}
