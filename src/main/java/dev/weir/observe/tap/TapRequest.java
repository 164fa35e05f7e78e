package dev.weir.observe.tap;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What somebody asks of a tap: checked, and with what is usual where nothing is said. Stateless. */
final class TapRequest {
    private static final List<String> FIELDS = List.of("pattern", "filter", "rate", "fields");
    private static final int LONGEST_FILTER = 2_000;
    private static final int MOST_FIELDS = 20;
    private static final Pattern FIELD = Pattern.compile("[a-z0-9]{1,60}|data(\\.[^.]{1,100}){1,20}");

    private TapRequest() {}

    /**
     * A new tap.
     *
     * @throws Refusal that points to what is wrong
     */
    static Tap open(String id, JsonObject asked) {
        return change(new Tap(id, "", null, Tap.USUAL_RATE, List.of(), 0), asked);
    }

    /**
     * The tap with what is asked for; what is not named stays.
     *
     * @throws Refusal that points to what is wrong
     */
    static Tap change(Tap before, JsonObject asked) {
        for (String name : asked.fieldNames()) {
            if (!FIELDS.contains(name)) {
                throw wrong("", "a tap has no '" + name + "', only " + String.join(", ", FIELDS));
            }
        }
        String pattern = asked.containsKey("pattern") ? text(asked, "pattern") : before.pattern();
        check(pattern == null ? "" : pattern);
        String filter = asked.containsKey("filter") ? text(asked, "filter") : before.filter();
        if (filter != null && filter.length() > LONGEST_FILTER) {
            throw wrong("/filter", "filter has more than " + LONGEST_FILTER + " characters; it belongs into a flow");
        }
        int rate = asked.containsKey("rate") ? rate(asked.getValue("rate")) : before.rate();
        return new Tap(
                before.id(),
                String.valueOf(pattern),
                filter == null || filter.isBlank() ? null : filter,
                rate,
                asked.containsKey("fields") ? fields(asked.getValue("fields")) : before.fields(),
                before.revision() + 1);
    }

    private static @Nullable String text(JsonObject asked, String name) {
        Object value = asked.getValue(name);
        if (value != null && !(value instanceof String)) {
            throw wrong("/" + name, name + " is a text");
        }
        return (String) value;
    }

    private static void check(String pattern) {
        if (!Addresses.isValid(pattern) && !Addresses.isPattern(pattern)) {
            throw wrong(
                    "/pattern",
                    "pattern is an address such as orders, or a pattern such as sensors.* or **;"
                            + " addresses have 1 to 200 characters: letters, digits and _~@:+- joined by dots");
        }
        if (Addresses.isInternal(pattern) || pattern.startsWith(Addresses.TAP_PREFIX)) {
            throw wrong("/pattern", "'" + pattern + "' is Weir's own and cannot be tapped");
        }
    }

    private static List<String> fields(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        if (value instanceof JsonArray list
                && list.size() <= MOST_FIELDS
                && list.stream()
                        .allMatch(each -> each instanceof String text
                                && FIELD.matcher(text).matches())) {
            return list.stream().map(String::valueOf).toList();
        }
        throw wrong(
                "/fields",
                "fields is a list of at most " + MOST_FIELDS
                        + ": names of attributes such as subject, data, or paths such as data.amount");
    }

    private static int rate(@Nullable Object value) {
        if (value instanceof Integer rate && rate >= 1 && rate <= Tap.MOST_A_SECOND) {
            return rate;
        }
        throw wrong("/rate", "rate is a whole number of events a second, 1 to " + Tap.MOST_A_SECOND);
    }

    private static Refusal wrong(String pointer, String message) {
        return new Refusal(FailureCode.INVALID_PARAMETER, message).at(pointer);
    }
}
