package dev.weir.bus;

import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes out of an outsider's headers what only Weir may say, and puts in who the outsider is. */
final class Seal {
    private static final String AUTH_ID = EventHeaders.PREFIX + "authid";
    private static final String AUTH_TYPE = EventHeaders.PREFIX + "authtype";
    private static final String SESSION = EventHeaders.PREFIX + "weirsession";

    private Seal() {}

    static void fromOutside(MultiMap headers, Origin origin, long nowMillis) {
        List<String> foreign = new ArrayList<>(0);
        for (Map.Entry<String, String> header : headers) {
            if (Wire.isReserved(header.getKey())) {
                foreign.add(header.getKey());
            }
        }
        foreign.forEach(headers::remove);
        boolean signedIn = origin.who().signedIn(nowMillis);
        if (signedIn) {
            headers.set(AUTH_ID, String.valueOf(origin.who().sub()));
            headers.set(AUTH_TYPE, "user");
        }
        if (origin.session() != null) {
            headers.set(SESSION, origin.session());
        }
    }
}
