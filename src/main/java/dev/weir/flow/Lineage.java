package dev.weir.flow;

import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which attributes an emitted event has from the one that caused it. Pure functions. */
final class Lineage {
    private static final String CAUSATION = EventHeaders.PREFIX + "causationid";
    private static final String CORRELATION = EventHeaders.PREFIX + "correlationid";

    /** What says who sent the event that came in, or is said anew. */
    private static final Set<String> ENDS_HERE = Set.of(
            EventHeaders.ID,
            EventHeaders.SOURCE,
            EventHeaders.TIME,
            EventHeaders.TYPE,
            EventHeaders.SUBJECT,
            CAUSATION,
            CORRELATION,
            EventHeaders.PREFIX + "authid",
            EventHeaders.PREFIX + "authtype",
            EventHeaders.PREFIX + "weirsession",
            EventHeaders.PREFIX + "deliverat",
            EventHeaders.PREFIX + "deliverafter");

    private Lineage() {}

    static boolean isPassedOn(String header) {
        return EventHeaders.attributeOf(header) != null && !ENDS_HERE.contains(header.toLowerCase(Locale.ROOT));
    }

    /** Passes on what a cause has, and says what the event is caused by and what it belongs to. */
    static void pass(MultiMap cause, MultiMap headers) {
        for (Map.Entry<String, String> header : cause) {
            if (isPassedOn(header.getKey())) {
                headers.add(header.getKey(), header.getValue());
            }
        }
        String id = cause.get(EventHeaders.ID);
        if (id != null) {
            headers.set(CAUSATION, id);
        }
        String together = first(cause.get(CORRELATION), id);
        if (together != null) {
            headers.set(CORRELATION, together);
        }
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null ? one : other;
    }
}
