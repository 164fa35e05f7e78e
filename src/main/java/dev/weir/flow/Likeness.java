package dev.weir.flow;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Whether data is as a test expects it. Pure functions. */
final class Likeness {
    private static final double NEAR = 1e-9;

    private Likeness() {}

    /** Of objects only the expected fields count, in arrays every item; numbers are equal by value. */
    static boolean fits(@Nullable Object expected, @Nullable Object got) {
        if (expected instanceof JsonObject wanted) {
            return got instanceof JsonObject object
                    && wanted.stream()
                            .allMatch(field -> object.containsKey(field.getKey())
                                    && fits(field.getValue(), object.getValue(field.getKey())));
        }
        if (expected instanceof JsonArray wanted) {
            if (!(got instanceof JsonArray array) || array.size() != wanted.size()) {
                return false;
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (!fits(wanted.getValue(i), array.getValue(i))) {
                    return false;
                }
            }
            return true;
        }
        if (expected instanceof Number wanted && got instanceof Number number) {
            double difference = Math.abs(wanted.doubleValue() - number.doubleValue());
            return difference <= NEAR * Math.max(1, Math.abs(wanted.doubleValue()));
        }
        return expected == null ? got == null : expected.equals(got);
    }
}
