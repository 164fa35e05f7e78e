package dev.weir.expression;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Timestamps and durations. */
final class Times {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Pattern DURATION =
            Pattern.compile("([+-])?((?:\\d{1,12}(?:\\.\\d{1,9})?(?:h|ms|m|s|us|ns)){1,6}|0)");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(h|ms|m|s|us|ns)");

    private Times() {}

    static void into(Map<String, Call.Function> all) {
        all.put("timestamp/1", Times::timestamp);
        all.put("duration/1", (call, a) -> a[0] instanceof Duration duration ? duration : parse(call, call.text(a, 0)));
        part(all, "getFullYear", ZonedDateTime::getYear, null);
        part(all, "getMonth", at -> at.getMonthValue() - 1L, null);
        part(all, "getDate", ZonedDateTime::getDayOfMonth, null);
        part(all, "getDayOfMonth", at -> at.getDayOfMonth() - 1L, null);
        part(all, "getDayOfWeek", at -> at.getDayOfWeek().getValue() % 7, null);
        part(all, "getDayOfYear", at -> at.getDayOfYear() - 1L, null);
        part(all, "getHours", ZonedDateTime::getHour, Duration::toHours);
        part(all, "getMinutes", ZonedDateTime::getMinute, Duration::toMinutes);
        part(all, "getSeconds", ZonedDateTime::getSecond, duration -> duration.toMillis() / 1000);
        part(all, "getMilliseconds", at -> at.getNano() / 1_000_000, duration -> duration.toMillis() % 1000);
    }

    private static void part(
            Map<String, Call.Function> all,
            String name,
            ToLongFunction<ZonedDateTime> ofTime,
            @Nullable ToLongFunction<Duration> ofDuration) {
        all.put(name + "/1", (call, a) -> {
            if (ofDuration != null && a[0] instanceof Duration duration) {
                return ofDuration.applyAsLong(duration);
            }
            return ofTime.applyAsLong(call.instant(a, 0).atZone(ZoneOffset.UTC));
        });
        all.put(name + "/2", (call, a) -> ofTime.applyAsLong(call.instant(a, 0).atZone(zone(call, call.text(a, 1)))));
    }

    private static ZoneId zone(Call call, String name) {
        try {
            return ZoneId.of(!name.isEmpty() && Character.isDigit(name.charAt(0)) ? "+" + name : name);
        } catch (DateTimeException e) {
            throw call.unfit("'" + name + "' is no time zone, write it like \"Europe/Berlin\" or \"+02:00\"");
        }
    }

    private static Object timestamp(Call call, @Nullable Object[] a) {
        if (a[0] instanceof Instant at) {
            return at;
        }
        try {
            if (a[0] instanceof Number seconds && Numbers.whole(seconds)) {
                return valid(Instant.ofEpochSecond(seconds.longValue()));
            }
            return valid(OffsetDateTime.parse(call.text(a, 0)).toInstant());
        } catch (DateTimeException e) {
            throw call.unfit(
                    "that is no timestamp, which is written like \"2026-01-31T12:30:00Z\" or given in seconds since 1970");
        }
    }

    private static Duration parse(Call call, String text) {
        Matcher whole = DURATION.matcher(text);
        if (!whole.matches()) {
            throw call.unfit("that is no duration, which is written like \"1h30m\", \"1.5s\" or \"200ms\"");
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(whole.group(2));
        while (part.find()) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
        }
        java.math.BigInteger[] split =
                nanos.toBigInteger().divideAndRemainder(java.math.BigInteger.valueOf(1_000_000_000));
        Duration duration = Duration.ofSeconds(split[0].longValue(), split[1].longValue());
        return "-".equals(whole.group(1)) ? duration.negated() : duration;
    }

    private static long unit(String name) {
        return switch (name) {
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "us" -> 1_000L;
            default -> 1L;
        };
    }

    /** Refuses what no RFC 3339 text can say. */
    static Instant valid(Instant at) {
        if (at.isBefore(FIRST) || at.isAfter(LAST)) {
            throw new DateTimeException("out of range");
        }
        return at;
    }

    /** RFC 3339, in UTC. */
    static String text(Instant at) {
        return at.toString();
    }

    /** Seconds, as in {@code 1.5s}. */
    static String text(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds())
                .add(BigDecimal.valueOf(duration.getNano(), 9))
                .stripTrailingZeros();
        return (seconds.signum() == 0 ? "0" : seconds.toPlainString()) + "s";
    }
}
