package dev.weir.source;

import dev.weir.event.EventHeaders;
import dev.weir.time.Timers.Timer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A beat: events of type {@code tick} with a number from 1 and the time they were due. */
final class TimerSource implements Source {
    static final SourceType TYPE = new SourceType(
            "timer",
            "A beat, numbered from 1.",
            Set.of("every"),
            "timer: {every: 10s, to: ticks}",
            (options, home) -> new TimerSource(options.duration("every", Duration.ofSeconds(1))));

    private final Duration every;
    private @Nullable Timer timer;
    private long beat;

    TimerSource(Duration every) {
        this.every = every;
    }

    @Override
    public void start(SourceContext context) {
        timer = context.timers()
                .every(
                        every,
                        () -> context.emit(
                                "tick",
                                new JsonObject()
                                        .put("n", ++beat)
                                        .put(
                                                "time",
                                                EventHeaders.formatTime(
                                                        context.clock().now()))));
    }

    @Override
    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
