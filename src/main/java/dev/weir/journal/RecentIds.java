package dev.weir.journal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events were kept in the last moments, so that a repeat answers the first offset. Bounded by time and
 * number. Owned by the writer.
 */
public final class RecentIds {
    private record Seen(long offset, long millis) {}

    private final long windowMillis;
    private final int most;
    private final Map<Identities.Key, Seen> seen = new LinkedHashMap<>();
    private final Identities identities = new Identities();

    /** @param most how many events are remembered at most */
    public RecentIds(long windowMillis, int most) {
        this.windowMillis = windowMillis;
        this.most = most;
    }

    /** How long an event is remembered. */
    public long windowMillis() {
        return windowMillis;
    }

    /** Names an event of a log. */
    public Identities.Key key(int log, byte[] identity) {
        return identities.key(log, identity);
    }

    /** The offset of an event that was kept within the window; null when there is none. */
    @Nullable
    public Long find(Identities.Key key, long nowMillis) {
        Seen found = seen.get(key);
        return found == null || found.millis() < nowMillis - windowMillis ? null : (Long) found.offset();
    }

    /** Remembers where an event was kept. */
    public void add(Identities.Key key, long offset, long nowMillis) {
        seen.remove(key);
        seen.put(key, new Seen(offset, nowMillis));
    }

    /** Forgets what is too old or too much. */
    public void expire(long nowMillis) {
        Iterator<Seen> oldest = seen.values().iterator();
        while (oldest.hasNext()) {
            Seen next = oldest.next();
            if (seen.size() <= most && next.millis() >= nowMillis - windowMillis) {
                return;
            }
            oldest.remove();
        }
    }

    /** Forgets everything. */
    public void clear() {
        seen.clear();
    }

    /** How many events are remembered. */
    public int size() {
        return seen.size();
    }
}
