package dev.weir.cli;

import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.time.Clock;
import dev.weir.time.Durations;
import java.time.Instant;
import java.util.Optional;

/** Times on a command line: RFC 3339, or a duration for so long ago. */
final class Moment {
    private Moment() {}

    static Optional<Instant> option(Arguments arguments, String name) {
        return arguments.option(name).map(text -> parse(name, text));
    }

    private static Instant parse(String name, String text) {
        try {
            return EventHeaders.parseTime(text);
        } catch (InvalidEventException notATime) {
            try {
                return Instant.ofEpochMilli(Clock.system().millis()).minus(Durations.parse(text));
            } catch (IllegalArgumentException | ArithmeticException notOne) {
                throw new UsageException(
                        "--" + name + " is a time as in 2026-02-28T23:59:59Z, or as in 1h for so long ago");
            }
        }
    }
}
