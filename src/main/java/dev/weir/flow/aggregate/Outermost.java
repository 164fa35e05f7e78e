package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of the earliest or the latest event, by the time of events and not by the order in which they came, so that it is the same
 * however they were delayed. Of events of the same millisecond, the first or the last that came.
 */
final class Outermost implements Aggregate {
    private final String function;
    private final int sign;
    private @Nullable Object value;
    private long at;

    /**
     * Begins.
     *
     * @param function its name, for messages
     * @param sign -1 for the earliest, 1 for the latest
     */
    Outermost(String function, int sign) {
        this.function = function;
        this.sign = sign;
    }

    Outermost(String function, int sign, Object json) {
        this(function, sign);
        JsonArray parts = (JsonArray) json;
        if (!parts.isEmpty()) {
            at = Numbers.whole(parts.getValue(0));
            value = Values.read(parts.getValue(1));
        }
    }

    @Override
    public void check(@Nullable Object given) {
        Values.check(function, given);
    }

    @Override
    public void add(@Nullable Object given, long time) {
        check(given);
        if (given == null) {
            return;
        }
        int order = Long.compare(time, at) * sign;
        if (value == null || order > 0 || (order == 0 && sign > 0)) {
            value = given;
            at = time;
        }
    }

    @Override
    public void merge(Aggregate other) {
        Outermost that = (Outermost) other;
        add(that.value, that.at);
    }

    @Override
    public @Nullable Object result(List<Object> constants) {
        return value;
    }

    @Override
    public Object toJson() {
        return value == null ? new JsonArray() : new JsonArray().add(at).add(Values.write(value));
    }
}
