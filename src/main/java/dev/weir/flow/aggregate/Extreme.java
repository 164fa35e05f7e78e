package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The smallest or greatest value: of numbers, or of texts (by their characters' code), or of times, or of durations. */
final class Extreme implements Aggregate {
    private final String function;
    private final int sign;
    private @Nullable Object best;

    /**
     * Begins.
     *
     * @param function its name, for messages
     * @param sign of a comparison that makes a value better: -1 for the smallest, 1 for the greatest
     */
    Extreme(String function, int sign) {
        this.function = function;
        this.sign = sign;
    }

    Extreme(String function, int sign, Object json) {
        this(function, sign);
        JsonArray parts = (JsonArray) json;
        Object kept = parts.isEmpty() ? null : Values.read(parts.getValue(0));
        best = kept == null ? null : comparable(kept);
    }

    @Override
    public void check(@Nullable Object value) {
        if (value != null) {
            compare(comparable(value));
        }
    }

    @Override
    public void add(@Nullable Object value, long time) {
        if (value == null || (value instanceof Long a && best instanceof Long b && Long.compare(a, b) * sign <= 0)) {
            return;
        }
        Object given = comparable(value);
        if (best == null || compare(given) * sign > 0) {
            best = given;
        }
    }

    @Override
    public void addLong(long value, long time) {
        if (!(best instanceof Long kept) || Long.compare(value, kept) * sign > 0) {
            add(value, time);
        }
    }

    private Object comparable(Object value) {
        if (value instanceof CharSequence) {
            return value.toString();
        }
        if (value instanceof Instant || value instanceof Duration) {
            return value;
        }
        Number number = Numbers.read(value);
        if (number == null) {
            throw new IllegalArgumentException(
                    function + " needs a number, a text, a time or a duration, found " + Values.show(value));
        }
        return number;
    }

    private int compare(Object given) {
        if (best == null) {
            return 0;
        }
        if (given instanceof Number a && best instanceof Number b) {
            return Numbers.compare(a, b);
        }
        if (given instanceof String a && best instanceof String b) {
            return Integer.signum(a.compareTo(b));
        }
        if (given instanceof Instant a && best instanceof Instant b) {
            return a.compareTo(b) < 0 ? -1 : a.equals(b) ? 0 : 1;
        }
        if (given instanceof Duration a && best instanceof Duration b) {
            return Integer.signum(a.compareTo(b));
        }
        throw new IllegalArgumentException(
                function + " needs values of one kind, found " + Values.show(given) + " after " + Values.show(best));
    }

    /** Of two kinds, which no event can be blamed for, the one that is named first in the error stays. */
    @Override
    public void merge(Aggregate other) {
        Object more = ((Extreme) other).best;
        if (more == null) {
            return;
        }
        int apart = best == null ? -1 : Integer.compare(rank(more), rank(best));
        if (apart < 0 || (apart == 0 && compare(more) * sign > 0)) {
            best = more;
        }
    }

    private static int rank(Object value) {
        return value instanceof Number ? 0 : value instanceof String ? 1 : value instanceof Instant ? 2 : 3;
    }

    @Override
    public @Nullable Object result(List<Object> constants) {
        return best;
    }

    @Override
    public Object toJson() {
        return best == null ? new JsonArray() : new JsonArray().add(Values.write(best));
    }
}
