package dev.weir.source;

import dev.weir.config.Nearest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression of five fields in a time zone. Immutable.
 *
 * <p>Where clocks change, an expression whose hour field begins with {@code *} goes on in even steps of real time: it leaves
 * out local times that are skipped and beats in both passes of a repeated hour. Any other expression beats once a day: a time
 * that is skipped comes at the moment the clock jumps, one that is repeated comes the first time only.
 */
final class Cron {
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    /** 29 February can be eight years away. */
    private static final int YEARS = 9;

    private final CronField minute;
    private final CronField hour;
    private final CronField day;
    private final CronField month;
    private final CronField weekday;
    private final ZoneRules rules;

    private Cron(List<CronField> fields, ZoneId zone) {
        this.minute = fields.get(0);
        this.hour = fields.get(1);
        this.day = fields.get(2);
        this.month = fields.get(3);
        this.weekday = fields.get(4);
        this.rules = zone.getRules();
    }

    /** @throws IllegalArgumentException naming the field that is wrong */
    static Cron parse(String expression, ZoneId zone) {
        String text = expression.trim();
        if (text.startsWith("@")) {
            text = nickname(text);
        }
        String[] parts = text.split("\\s+", -1);
        CronField.Kind[] kinds = CronField.Kind.values();
        if (parts.length != kinds.length) {
            throw new IllegalArgumentException("'" + expression + "' has " + parts.length
                    + " fields, expected 5: minute, hour, day of month, month, day of week");
        }
        List<CronField> fields = new ArrayList<>();
        for (int i = 0; i < kinds.length; i++) {
            fields.add(CronField.parse(kinds[i], parts[i]));
        }
        Cron cron = new Cron(fields, zone);
        if (cron.nextLocal(LocalDateTime.of(2000, 1, 1, 0, 0)) == null) {
            throw new IllegalArgumentException(
                    "the day of month '" + parts[2] + "' never comes in month '" + parts[3] + "'");
        }
        return cron;
    }

    private static String nickname(String text) {
        String known = NICKNAMES.get(text);
        if (known == null) {
            throw new IllegalArgumentException("there is no " + text
                    + Nearest.to(text, NICKNAMES.keySet())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse(""));
        }
        return known;
    }

    /** The first time after {@code after}. */
    Optional<Instant> next(Instant after) {
        return Optional.ofNullable(hour.isStar() ? nextEven(after) : nextDaily(after));
    }

    /** Local times as they pass; a change of the clocks is looked across as if the new time had always been. */
    private @Nullable Instant nextEven(Instant after) {
        ZoneOffset offset = rules.getOffset(after);
        LocalDateTime from = LocalDateTime.ofInstant(after, offset);
        for (Instant since = after; ; ) {
            LocalDateTime local = nextLocal(from);
            Instant candidate = local == null ? null : local.toInstant(offset);
            ZoneOffsetTransition change = rules.nextTransition(since);
            if (candidate == null || change == null || candidate.isBefore(change.getInstant())) {
                return candidate;
            }
            since = change.getInstant();
            offset = change.getOffsetAfter();
            from = change.getDateTimeAfter().minusNanos(1);
        }
    }

    private @Nullable Instant nextDaily(Instant after) {
        LocalDateTime from = LocalDateTime.ofInstant(after, rules.getOffset(after));
        for (LocalDateTime local = nextLocal(from); local != null; local = nextLocal(local)) {
            Instant candidate = instantOf(local);
            if (candidate.isAfter(after)) {
                return candidate;
            }
        }
        return null;
    }

    private Instant instantOf(LocalDateTime local) {
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        return offsets.isEmpty()
                ? Objects.requireNonNull(rules.getTransition(local), "no offset is valid only in a gap")
                        .getInstant()
                : local.toInstant(offsets.get(0));
    }

    /** The first matching local time after {@code from}, null when there is none. */
    private @Nullable LocalDateTime nextLocal(LocalDateTime from) {
        LocalDateTime start = from.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        LocalDate end = start.toLocalDate().plusYears(YEARS);
        LocalTime time = start.toLocalTime();
        for (LocalDate date = start.toLocalDate(); date.isBefore(end); date = date.plusDays(1)) {
            LocalTime found = matches(date) ? timeFrom(time) : null;
            if (found != null) {
                return date.atTime(found);
            }
            time = LocalTime.MIDNIGHT;
        }
        return null;
    }

    private @Nullable LocalTime timeFrom(LocalTime earliest) {
        for (int h = hour.values().nextSetBit(earliest.getHour());
                h >= 0;
                h = hour.values().nextSetBit(h + 1)) {
            int m = minute.values().nextSetBit(h == earliest.getHour() ? earliest.getMinute() : 0);
            if (m >= 0) {
                return LocalTime.of(h, m);
            }
        }
        return null;
    }

    /** As cron has always done: when both day fields are restricted, either may match. */
    private boolean matches(LocalDate date) {
        if (!month.matches(date.getMonthValue())) {
            return false;
        }
        boolean byDay = day.matches(date.getDayOfMonth());
        boolean byWeekday = weekday.matches(date.getDayOfWeek().getValue() % 7);
        return (day.isStar() || weekday.isStar()) ? (byDay && byWeekday) : (byDay || byWeekday);
    }
}
