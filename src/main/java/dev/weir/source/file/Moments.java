package dev.weir.source.file;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times that files hold: {@code 2013-12-02 21:15:00}, {@code 2001/01/01 01:10}, {@code 2026-01-02T03:04:05.678+01:00},
 * and numbers since 1970, in seconds when they are below 10^11 and else in milliseconds. Without offset a time is UTC.
 */
final class Moments {
    private static final double FIRST_MILLIS = 1e11;
    private static final Pattern TIME = Pattern.compile("(\\d{4})[-/](\\d{2})[-/](\\d{2})"
            + "(?:[T ](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?)? ?(Z|[+-]\\d{2}:?\\d{2})?");

    private Moments() {}

    /** Milliseconds since 1970. */
    static long millis(@Nullable Object value) throws BadRecordException {
        if (value instanceof Number number) {
            double since = number.doubleValue();
            return Math.round(Math.abs(since) < FIRST_MILLIS ? since * 1000 : since);
        }
        Matcher m = value instanceof String text ? TIME.matcher(text.strip()) : TIME.matcher("");
        if (m.matches()) {
            try {
                return read(m);
            } catch (DateTimeException e) {
                throw bad(value);
            }
        }
        throw bad(value);
    }

    private static long read(Matcher m) {
        LocalDateTime local = LocalDateTime.of(
                number(m.group(1)),
                number(m.group(2)),
                number(m.group(3)),
                number(m.group(4)),
                number(m.group(5)),
                number(m.group(6)));
        String zone = m.group(8);
        long seconds = local.toEpochSecond(zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone));
        String fraction = m.group(7);
        return seconds * 1000 + (fraction == null ? 0 : number((fraction + "00").substring(0, 3)));
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static BadRecordException bad(@Nullable Object value) {
        return new BadRecordException("the time " + value
                + " cannot be read; write it as in 2026-01-31 12:00:00 or as milliseconds since 1970");
    }
}
