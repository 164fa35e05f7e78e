package dev.weir.bus;

import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes out of an outsider's headers what only Weir may say, and puts in who the outsider is. */
final class Seal {
    private static final String AUTH_ID = EventHeaders.PREFIX + "authid";
    private static final String AUTH_TYPE = EventHeaders.PREFIX + "authtype";
    private static final String SESSION = EventHeaders.PREFIX + "weirsession";

    private Seal() {}

    /** Says whether the outsider asks for its event to be recorded. */
    static boolean fromOutside(MultiMap headers, Origin origin, long nowMillis) {
        List<String> foreign = new ArrayList<>(0);
        for (Map.Entry<String, String> header : headers) {
            if (Wire.isReserved(header.getKey())) {
                foreign.add(header.getKey());
            }
        }
        boolean asks = !foreign.isEmpty() && takeTrace(headers, headers.get(Wire.TRACE));
        foreign.forEach(headers::remove);
        boolean signedIn = origin.who().signedIn(nowMillis);
        if (signedIn) {
            headers.set(AUTH_ID, String.valueOf(origin.who().sub()));
            headers.set(AUTH_TYPE, "user");
        }
        if (origin.session() != null) {
            headers.set(SESSION, origin.session());
        }
        return asks;
    }

    /** Whether it says that the event is to be recorded; the event does not carry it any further. */
    static boolean takeTrace(MultiMap headers, @Nullable String said) {
        if (said == null) {
            return false;
        }
        headers.remove(Wire.TRACE);
        return said.equals("1");
    }
}
