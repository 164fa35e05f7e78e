package dev.weir.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Times as RFC 3339 writes them, as in {@code 2026-02-28T23:59:59.123Z}.
 *
 * <p>Written by hand because every event is stamped and read several times on its way, and {@code DateTimeFormatter} costs more
 * than the rest of the headers together. Writes UTC with milliseconds, and with micro- or nanoseconds where the time has them, so nothing is
 * lost. Pure functions.
 */
final class Rfc3339 {
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int SHORTEST = "2026-02-28T23:59:59Z".length();

    private Rfc3339() {}

    /** Writes a time between the years 0000 and 9999. */
    static String format(Instant time) {
        long seconds = time.getEpochSecond();
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY));
        int second = Math.floorMod(seconds, SECONDS_PER_DAY);
        int nanos = time.getNano();
        byte[] out = new byte[SHORTEST + fractionLength(nanos)];
        digits(out, 0, 4, date.getYear());
        out[4] = '-';
        digits(out, 5, 2, date.getMonthValue());
        out[7] = '-';
        digits(out, 8, 2, date.getDayOfMonth());
        out[10] = 'T';
        digits(out, 11, 2, second / 3600);
        out[13] = ':';
        digits(out, 14, 2, second / 60 % 60);
        out[16] = ':';
        digits(out, 17, 2, second % 60);
        fraction(out, nanos);
        out[out.length - 1] = 'Z';
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    private static int fractionLength(int nanos) {
        return nanos % 1_000_000 == 0 ? 4 : nanos % 1000 == 0 ? 7 : 10;
    }

    private static void fraction(byte[] out, int nanos) {
        int digits = fractionLength(nanos) - 1;
        out[19] = '.';
        digits(out, 20, digits, digits == 3 ? nanos / 1_000_000 : digits == 6 ? nanos / 1000 : nanos);
    }

    private static void digits(byte[] out, int from, int count, int value) {
        int rest = value;
        for (int i = from + count - 1; i >= from; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /**
     * Reads a time with any offset. Digits beyond nanoseconds are cut; a leap second becomes the second after it.
     *
     * @throws InvalidEventException for the attribute {@code time} when the text is no RFC 3339 time
     */
    static Instant parse(String text) {
        try {
            return new Reader(text).read();
        } catch (DateTimeException | IndexOutOfBoundsException e) {
            throw new InvalidEventException(
                    Attributes.TIME,
                    "'time' is '" + text + "', which is no RFC 3339 time; write it as in 2026-02-28T23:59:59.123Z");
        }
    }

    /** Walks over the text once; whatever is not as expected ends in a {@link DateTimeException}. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Instant read() {
            int year = number(4);
            expect('-');
            int month = number(2);
            expect('-');
            LocalDate date = LocalDate.of(year, month, number(2));
            expect('T');
            int hour = upTo(23);
            expect(':');
            int minute = upTo(59);
            expect(':');
            int second = upTo(60);
            int nanos = fraction();
            long epochSecond =
                    date.toEpochDay() * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second - offsetSeconds();
            if (at != text.length() || (second == 60 && Math.floorMod(epochSecond, SECONDS_PER_DAY) != 0)) {
                throw malformed();
            }
            return Attributes.time(Instant.ofEpochSecond(epochSecond, nanos));
        }

        private int fraction() {
            if (text.charAt(at) != '.') {
                return 0;
            }
            at++;
            int nanos = number(1);
            int digits = 1;
            for (; isDigit(text.charAt(at)); at++, digits++) {
                nanos = digits < 9 ? nanos * 10 + (text.charAt(at) - '0') : nanos;
            }
            for (; digits < 9; digits++) {
                nanos *= 10;
            }
            return nanos;
        }

        private int offsetSeconds() {
            char sign = text.charAt(at);
            if (sign == 'Z' || sign == 'z') {
                at++;
                return 0;
            }
            if (sign != '+' && sign != '-') {
                throw malformed();
            }
            at++;
            int hours = upTo(23);
            expect(':');
            int seconds = hours * 3600 + upTo(59) * 60;
            return sign == '-' ? -seconds : seconds;
        }

        private int upTo(int max) {
            int value = number(2);
            if (value > max) {
                throw malformed();
            }
            return value;
        }

        private int number(int digits) {
            int value = 0;
            for (int end = at + digits; at < end; at++) {
                char c = text.charAt(at);
                if (!isDigit(c)) {
                    throw malformed();
                }
                value = value * 10 + (c - '0');
            }
            return value;
        }

        private void expect(char wanted) {
            char c = text.charAt(at++);
            if (c != wanted && !(wanted == 'T' && c == 't')) {
                throw malformed();
            }
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        private static DateTimeException malformed() {
            return new DateTimeException("malformed");
        }
    }
}
