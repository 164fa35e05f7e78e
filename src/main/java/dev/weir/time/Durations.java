package dev.weir.time;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How durations are written wherever a user writes one: {@code 200ms}, {@code 1s}, {@code 1.5s}, {@code 5m}, {@code 2h}, {@code 7d}. */
public final class Durations {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?\\s*(ms|s|m|h|d)");
    private static final Unit[] LARGEST_FIRST = {
        new Unit("d", 86_400_000),
        new Unit("h", 3_600_000),
        new Unit("m", 60_000),
        new Unit("s", 1_000),
        new Unit("ms", 1)
    };

    private Durations() {}

    private record Unit(String name, long millis) {}

    /**
     * Reads a duration of zero or more.
     *
     * @throws IllegalArgumentException with a message for the user when the text is no duration
     */
    public static Duration parse(String text) {
        Matcher m = SYNTAX.matcher(text.trim());
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration; write a number and ms, s, m, h or d, as in 30s");
        }
        long unit = millisOf(m.group(3));
        Duration whole = Duration.ofMillis(Math.multiplyExact(Long.parseLong(m.group(1)), unit));
        String fraction = m.group(2);
        return fraction == null
                ? whole
                : whole.plusNanos((long) (Double.parseDouble("0." + fraction) * unit * 1_000_000));
    }

    /** The shortest way to write a duration so that {@link #parse} reads it again; parts below a millisecond are cut off. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        for (Unit unit : LARGEST_FIRST) {
            if (millis != 0 && millis % unit.millis == 0) {
                return millis / unit.millis + unit.name;
            }
        }
        return "0s";
    }

    private static long millisOf(String name) {
        return switch (name) {
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 1;
        };
    }
}
