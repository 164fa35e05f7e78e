package dev.weir.source;

import dev.weir.event.EventHeaders;
import dev.weir.time.Timers.Timer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A beat, in even steps or by the calendar: events of type {@code tick} with a number from 1 and the time. */
final class TimerSource implements Source {
    static final SourceType TYPE = new SourceType(
            "timer",
            "A beat, numbered from 1: in even steps with `every`, by the calendar with `cron`.",
            "`tick`, data `{n, time}`",
            "One beat for each time and node. Beats that were due while the node was stopped, or its clock was moved past them,"
                    + " are not made up; several that are late at once are one.",
            List.of(
                    SourceOption.duration("every", "1s", "The time between beats."),
                    SourceOption.text(
                            "cron",
                            null,
                            "Instead of `every`: minute, hour, day of month, month, day of week, or `@hourly`, `@daily`,"
                                    + " `@weekly`, `@monthly`, `@yearly`."),
                    SourceOption.text("zone", "UTC", "The time zone of `cron`, as in `Europe/Berlin`.")),
            "timer: {cron: \"30 8 * * mon-fri\", zone: Europe/Berlin, to: ticks}",
            (options, home) -> make(options));

    /** A long wait is cut into short ones, so that a clock that is set is noticed. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final @Nullable Cron cron;
    private final Duration every;
    private @Nullable Timer timer;
    private long beat;

    TimerSource(Duration every, @Nullable Cron cron) {
        this.every = every;
        this.cron = cron;
    }

    private static TimerSource make(Options options) {
        String expression = options.text("cron");
        if (!options.has("cron")) {
            if (options.has("zone")) {
                options.wrong("zone", "only cron has a zone", "remove it, or write cron: \"...\"");
            }
            return new TimerSource(options.duration("every"), null);
        }
        if (options.has("every")) {
            options.wrong("every", "a timer has either every or cron", "remove one of them");
        }
        Cron cron = null;
        try {
            cron = Cron.parse(expression, CronZone.of(options.text("zone")));
        } catch (CronZone.UnknownZone wrong) {
            options.wrong("zone", String.valueOf(wrong.getMessage()), "write UTC or a name as in Europe/Berlin");
        } catch (IllegalArgumentException wrong) {
            options.wrong("cron", String.valueOf(wrong.getMessage()), "write it as in \"*/15 8-18 * * mon-fri\"");
        }
        return new TimerSource(Duration.ofSeconds(1), cron);
    }

    @Override
    public void start(SourceContext context) {
        if (cron == null) {
            timer = context.timers()
                    .every(every, () -> tick(context, context.clock().now()));
        } else {
            cron.next(context.clock().now()).ifPresent(due -> await(context, cron, due));
        }
    }

    @Override
    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void await(SourceContext context, Cron calendar, Instant due) {
        Duration left = Duration.between(context.clock().now(), due);
        Duration wait = left.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : left;
        timer = context.timers().after(wait.isNegative() ? Duration.ZERO : wait, () -> {
            Instant now = context.clock().now();
            if (now.isBefore(due)) {
                await(context, calendar, due);
                return;
            }
            tick(context, due);
            Optional<Instant> next = calendar.next(now);
            next.ifPresent(then -> await(context, calendar, then));
        });
    }

    private void tick(SourceContext context, Instant time) {
        context.emit("tick", new JsonObject().put("n", ++beat).put("time", EventHeaders.formatTime(time)));
    }
}
