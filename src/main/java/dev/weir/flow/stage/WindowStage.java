package dev.weir.flow.stage;

import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageType;
import java.util.List;

/** Computes aggregates over windows of time, per key; at work as a {@link WindowRun}. */
final class WindowStage {
    static final String COMPUTE = "compute";
    static final String TIME = "time";
    static final String LATE = "late";
    static final String START = "start";
    static final String END = "end";
    static final String FINAL = "final";

    /** Fields that a result has anyway. */
    static final List<String> OWN_FIELDS = List.of(START, END, FINAL);

    static final StageType TYPE = new StageType(
            "window",
            "Computes counts, sums, quantiles and other aggregates over windows of time: of a fixed length (`every`), overlapping"
                    + " (`every` with `hop`), or ending with a pause (`session`).",
            "Every event counts in each of its windows once, and each window of a key gives one result when it is over, an event"
                    + " of type `window` whose key is that of the group; those of the same moment come in the order of their keys."
                    + " Events that come too late go to `late`. When all inputs of a flow are read to their ends (files that are"
                    + " not followed), windows of the time of events are over. A journaled flow keeps open windows over restarts; a"
                    + " result that fell due meanwhile is given then.",
            null,
            List.of(
                    StageOption.optional(
                            "every",
                            Kind.DURATION,
                            "The length of a window. Windows begin at whole multiples of it since 1970 UTC: those of `1h` at the"
                                    + " full hour, those of `1d` at midnight UTC, whatever clocks of a country do."),
                    StageOption.optional(
                            "hop",
                            Kind.DURATION,
                            "After how long the next window begins; `every` is a multiple of it."),
                    StageOption.optional(
                            "session",
                            Kind.DURATION,
                            "Instead of `every`: a window begins with an event and ends when none came for so long. Its `end` is"
                                    + " that long after the last one."),
                    StageOption.optional(
                            StageType.BY,
                            Kind.EXPRESSIONS,
                            "What events are grouped by: an expression, whose last name is that of the field in the result"
                                    + " (`event.data.path` gives `path`), or a map of fields to expressions. Without it all"
                                    + " events are one group."),
                    StageOption.required(
                            COMPUTE,
                            Kind.EXPRESSIONS,
                            "The fields of the result: expressions over aggregates, as in `errors: count(event.data.status >="
                                    + " 500)` or `mean: sum(event.data.bytes) / count()`. What cannot be computed, such as a"
                                    + " division by zero, is null and counted as `uncomputable`."),
                    StageOption.text(
                            TIME,
                            "processing",
                            "`processing`: an event belongs to when it comes. `event`: to its attribute `time`. Else an expression"
                                    + " that gives a time, a text such as `2026-02-28T12:00:00Z`, or milliseconds since 1970."),
                    StageOption.duration(
                            "lateness",
                            "0s",
                            "With the time of events: a window is over when an event came that is this much later than its end."),
                    StageOption.duration(
                            "idle",
                            "1m",
                            "With the time of events: when no event came for so long, time goes on with the clock."),
                    StageOption.duration(
                            "ahead",
                            "5m",
                            "With the time of events: an event that is from further ahead of the clock is an error, as `on-error`"
                                    + " says, and counted as `ahead`; else it would make all that comes behind it late. Write more"
                                    + " for events that are meant to be in the future, such as forecasts."),
                    StageOption.optional(
                            LATE,
                            Kind.BRANCH,
                            "Where events go whose windows are over, as they came; without it they are dropped. They are counted"
                                    + " as `late`."),
                    StageOption.optional(
                            "update",
                            Kind.DURATION,
                            "Gives results so far too, at most this often while there is something new; then `final` says which"
                                    + " result is the last one of its window."),
                    StageOption.text("type", "window", "The type of results."),
                    StageOption.count(
                            "max-keys",
                            100_000,
                            1,
                            1_000_000,
                            "How many keys may have open windows. Beyond it the one whose last event is oldest gives its result"
                                    + " early, with `final: false`, and is counted as evicted.")),
            new StageType.Traits(true, List.of(LATE), false),
            "window: {every: 10s, by: event.data.path, compute: {n: count(), p99: \"quantile(event.data.millis, 0.99)\"}}",
            options -> {
                WindowPlan plan = WindowPlan.read(options);
                return (StageContext context) -> new WindowRun(context, plan);
            });

    private WindowStage() {}
}
