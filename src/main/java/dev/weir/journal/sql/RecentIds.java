package dev.weir.journal.sql;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events were kept in the last moments, so that a repeat answers the first offset. Bounded by time and
 * number. Owned by the writer.
 */
final class RecentIds {
    private record Seen(long offset, long millis) {}

    private final long windowMillis;
    private final int most;
    private final Map<Identities.Key, Seen> seen = new LinkedHashMap<>();
    private final Identities identities = new Identities();

    /** @param most how many events are remembered at most */
    RecentIds(long windowMillis, int most) {
        this.windowMillis = windowMillis;
        this.most = most;
    }

    long windowMillis() {
        return windowMillis;
    }

    Identities.Key key(int log, byte[] identity) {
        return identities.key(log, identity);
    }

    /** The offset of an event that was kept within the window; null when there is none. */
    @Nullable
    Long find(Identities.Key key, long nowMillis) {
        Seen found = seen.get(key);
        return found == null || found.millis() < nowMillis - windowMillis ? null : (Long) found.offset();
    }

    void add(Identities.Key key, long offset, long nowMillis) {
        seen.remove(key);
        seen.put(key, new Seen(offset, nowMillis));
    }

    void expire(long nowMillis) {
        Iterator<Seen> oldest = seen.values().iterator();
        while (oldest.hasNext()) {
            Seen next = oldest.next();
            if (seen.size() <= most && next.millis() >= nowMillis - windowMillis) {
                return;
            }
            oldest.remove();
        }
    }

    void clear() {
        seen.clear();
    }

    int size() {
        return seen.size();
    }
}
