package dev.weir.flow.stage;

import dev.weir.flow.StageOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window stage as it was declared. Immutable.
 *
 * @param latenessMillis how far the time of windows stays behind the latest event
 * @param idleMillis after which silence time goes on without events
 * @param aheadMillis how far ahead of the clock events may be
 * @param updateMillis how often results so far are given; 0 for never
 */
record WindowPlan(
        WindowShape shape,
        WindowTime time,
        long latenessMillis,
        long idleMillis,
        long aheadMillis,
        long updateMillis,
        WindowGroup group,
        WindowMeasures measures,
        String type,
        int maxKeys) {
    private static final long MOST_PANES = 10_000;

    static WindowPlan read(StageOptions options) {
        WindowTime time = WindowTime.read(options);
        long lateness = millis(options, "lateness");
        WindowShape shape = shape(options);
        long pane = shape instanceof AlignedWindows aligned ? aligned.hopMillis() : shape.spanMillis();
        if ((shape.spanMillis() + lateness) / pane > MOST_PANES) {
            options.wrong(
                    options.has("hop") ? "hop" : "lateness",
                    "more than " + MOST_PANES + " windows of a key may be open at once",
                    "choose a longer hop, or a shorter time or lateness");
        }
        for (String ofEvents : time.isEvents() ? List.<String>of() : List.of("lateness", "idle", "ahead")) {
            if (options.has(ofEvents)) {
                options.wrong(
                        ofEvents, "with processing time no event is late or early", "add time: event, or remove this");
            }
        }
        if (options.has("update") && options.has("hop")) {
            options.wrong("update", "hopping windows give results at every hop", "choose a shorter hop instead");
        }
        options.branch(WindowStage.LATE);
        return new WindowPlan(
                shape,
                time,
                lateness,
                millis(options, "idle"),
                millis(options, "ahead"),
                options.has("update") ? millis(options, "update") : 0,
                new WindowGroup(options),
                new WindowMeasures(options),
                options.text("type"),
                (int) options.count("max-keys"));
    }

    private static WindowShape shape(StageOptions options) {
        long session = options.has("session") ? millis(options, "session") : 0;
        long every = options.has("every") ? millis(options, "every") : 0;
        long hop = options.has("hop") ? millis(options, "hop") : every;
        if ((session == 0) == (every == 0)) {
            options.wrong(
                    session == 0 ? "every" : "session",
                    session == 0 ? "how long is a window?" : "a window has a length or ends with a pause",
                    "write either every: 10s or session: 30s");
            return new SessionWindows(1);
        }
        if (session > 0) {
            if (options.has("hop")) {
                options.wrong("hop", "sessions do not hop", "remove it, or write every instead of session");
            }
            return new SessionWindows(session);
        }
        if (hop < 1 || hop > every || every % hop != 0) {
            options.wrong(
                    "hop", "every is no whole multiple of it", "choose one that divides it, as in every: 1m, hop: 10s");
            return new AlignedWindows(every, every);
        }
        return new AlignedWindows(every, hop);
    }

    private static long millis(StageOptions options, String name) {
        @Nullable Duration duration = options.duration(name);
        return duration == null ? 0 : duration.toMillis();
    }
}
