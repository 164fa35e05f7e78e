package dev.weir.observe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * Listeners that only become more.
 *
 * @param what what is counted
 * @param name the address or the verticle
 * @param from how many there were at the beginning
 * @param to how many there were when it was noticed
 * @param now how many there are now
 * @param minutes over how long they grew when it was noticed
 * @param sinceMillis when it was noticed
 */
record Leak(What what, String name, int from, int to, int now, int minutes, long sinceMillis) {
    /** What is counted. */
    enum What {
        /** Consumers of the bus and listeners of emitters on one address. */
        ADDRESS("has ever more listeners", "remove each with off() or unregister() once it is not needed"),

        /** Addresses that one verticle listens to. */
        VERTICLE("listens to ever more addresses", "unregister consumers and close emitters once they are not needed"),

        /** Consumers and listeners of one verticle on all addresses: shown, not judged, since each address is. */
        TOTAL("", "");

        private final String words;
        private final String mend;

        What(String words, String mend) {
            this.words = words;
            this.mend = mend;
        }
    }

    Leak now(int count) {
        return new Leak(what, name, from, to, count, minutes, sinceMillis);
    }

    /** For people. */
    String words() {
        return "'" + name + "' " + what.words + ": " + from + " became " + to + " in " + minutes
                + " minutes and were never fewer in between, possibly a leak; " + what.mend;
    }

    JsonObject toJson(List<Integer> history) {
        return new JsonObject()
                .put("what", what.name().toLowerCase(Locale.ROOT))
                .put("name", name)
                .put("from", from)
                .put("to", to)
                .put("now", now)
                .put("minutes", minutes)
                .put("since", sinceMillis)
                .put("words", words())
                .put("mend", what.mend)
                .put("history", new JsonArray(history));
    }
}
