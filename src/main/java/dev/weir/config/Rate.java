package dev.weir.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many per time, written {@code 20/s}, {@code 600/m}, {@code 1000/h}.
 *
 * @param perSecond more than zero
 */
public record Rate(double perSecond) {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9}(?:\\.\\d+)?)\\s*/\\s*(s|m|h)");

    /**
     * Reads a rate.
     *
     * @throws IllegalArgumentException with a message for the user when the text is no rate
     */
    public static Rate parse(String text) {
        Matcher m = SYNTAX.matcher(text.trim());
        double count = m.matches() ? Double.parseDouble(m.group(1)) : 0;
        if (count <= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a rate; write a positive number per s, m or h, as in 20/s");
        }
        int seconds =
                switch (m.group(2)) {
                    case "m" -> 60;
                    case "h" -> 3600;
                    default -> 1;
                };
        return new Rate(count / seconds);
    }

    @Override
    public String toString() {
        return perSecond == Math.rint(perSecond) ? (long) perSecond + "/s" : perSecond + "/s";
    }
}
