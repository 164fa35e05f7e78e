package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first so many values, as a list. */
final class Collect implements Aggregate {
    private final long max;
    private final List<Object> values = new ArrayList<>(0);

    Collect(List<Object> constants) {
        max = Numbers.whole(constants.get(0));
    }

    Collect(List<Object> constants, Object json) {
        this(constants);
        for (Object item : ((JsonArray) json).getList()) {
            Object value = Values.read(item);
            if (value != null) {
                values.add(value);
            }
        }
    }

    @Override
    public void check(@Nullable Object value) {
        Values.check("collect", value);
    }

    @Override
    public void add(@Nullable Object value, long time) {
        check(value);
        if (value != null && values.size() < max) {
            values.add(value);
        }
    }

    @Override
    public void merge(Aggregate other) {
        List<Object> more = ((Collect) other).values;
        values.addAll(more.subList(0, (int) Math.min(more.size(), max - values.size())));
    }

    @Override
    public @Nullable Object result(List<Object> constants) {
        return values.isEmpty() ? null : new JsonArray(new ArrayList<>(values));
    }

    @Override
    public Object toJson() {
        JsonArray written = new JsonArray();
        values.forEach(value -> written.add(Values.write(value)));
        return written;
    }
}
