package dev.weir.expression;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code "%s took %.1f s".format([event.data.path, event.data.millis / 1000.0])}. */
final class Formats {
    private static final int MOST_DIGITS = 100;

    private Formats() {}

    static String format(Call call, String pattern, List<?> values) {
        StringBuilder result = new StringBuilder();
        int next = 0;
        int at = 0;
        while (at < pattern.length()) {
            char each = pattern.charAt(at++);
            if (each != '%') {
                result.append(each);
                continue;
            }
            int end = at;
            while (end < pattern.length() && (pattern.charAt(end) == '.' || Character.isDigit(pattern.charAt(end)))) {
                end++;
            }
            if (end == pattern.length()) {
                throw call.unfit("a % at the end of the pattern; a percent sign is written %%");
            } else if (pattern.charAt(end) == '%') {
                result.append('%');
            } else if (next == values.size()) {
                throw call.unfit("the pattern has more places than the list has values");
            } else {
                result.append(
                        one(call, pattern.charAt(end), digits(call, pattern.substring(at, end)), values.get(next++)));
            }
            Sums.bounded(result.length(), "the text");
            at = end + 1;
        }
        return result.toString();
    }

    private static int digits(Call call, String precision) {
        try {
            int digits = precision.isEmpty() ? 6 : Integer.parseInt(precision.substring(1));
            if (digits >= 0 && digits <= MOST_DIGITS && (precision.isEmpty() || precision.charAt(0) == '.')) {
                return digits;
            }
        } catch (NumberFormatException e) {
            // Answered below, as all that is no precision.
        }
        throw call.unfit("'" + precision + "' is no precision, write it like %.2f");
    }

    private static String one(Call call, char verb, int digits, @Nullable Object value) {
        if (verb == 's') {
            return text(value);
        } else if (!(value instanceof Number number)) {
            throw call.unfit("%" + verb + " takes a number and got " + Values.kind(value));
        } else if (verb == 'f' || verb == 'e') {
            return String.format(Locale.ROOT, "%." + digits + verb, number.doubleValue());
        } else if (!Numbers.whole(number)) {
            throw call.unfit("%" + verb + " takes a whole number, write int(...)");
        } else {
            return switch (verb) {
                case 'd' -> Long.toString(number.longValue());
                case 'x' -> Long.toString(number.longValue(), 16);
                case 'X' -> Long.toString(number.longValue(), 16).toUpperCase(Locale.ROOT);
                case 'o' -> Long.toString(number.longValue(), 8);
                case 'b' -> Long.toString(number.longValue(), 2);
                default -> throw call.unfit("%" + verb + " is unknown: there are %s %d %f %e %x %X %o %b");
            };
        }
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Number number) {
            return Conversions.text(number);
        } else if (value instanceof Instant at) {
            return Times.text(at);
        } else if (value instanceof Duration duration) {
            return Times.text(duration);
        }
        List<?> list = Values.list(value);
        if (list != null) {
            return list.stream().map(Formats::text).collect(Collectors.joining(", ", "[", "]"));
        }
        java.util.Map<?, ?> map = Values.map(value);
        return map == null
                ? String.valueOf(value)
                : map.entrySet().stream()
                        .map(entry -> text(entry.getKey()) + ": " + text(entry.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ", "{", "}"));
    }
}
