package dev.weir.source;

import dev.weir.config.Nearest;
import java.time.DateTimeException;
import java.time.ZoneId;

/** Finds a time zone by its name. Stateless. */
final class CronZone {
    /** There is none of that name. */
    static final class UnknownZone extends IllegalArgumentException {
        UnknownZone(String message) {
            super(message);
        }
    }

    private CronZone() {}

    /** @throws UnknownZone naming the nearest there is */
    static ZoneId of(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException unknown) {
            String near = Nearest.to(name, ZoneId.getAvailableZoneIds())
                    .map(zone -> "; did you mean " + zone + "?")
                    .orElse("");
            throw new UnknownZone("there is no time zone " + name + near);
        }
    }
}
