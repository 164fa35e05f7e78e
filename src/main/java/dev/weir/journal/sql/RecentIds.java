package dev.weir.journal.sql;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events were kept in the last moments, so that a repeat answers the first offset. Bounded by time and number; 128 bits of
 * SHA-256 stand for an event, so nobody can make two events look alike. Owned by the writer.
 */
final class RecentIds {
    /** Names an event of a log. */
    record Key(long high, long low) {}

    private record Seen(long offset, long millis) {}

    private final long windowMillis;
    private final int most;
    private final Map<Key, Seen> seen = new LinkedHashMap<>();
    private final MessageDigest digest;

    /** @param most how many events are remembered at most */
    RecentIds(long windowMillis, int most) {
        this.windowMillis = windowMillis;
        this.most = most;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    long windowMillis() {
        return windowMillis;
    }

    Key key(int log, byte[] identity) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(log).flip());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(identity));
        return new Key(hash.getLong(), hash.getLong());
    }

    /** The offset of an event that was kept within the window; null when there is none. */
    @Nullable
    Long find(Key key, long nowMillis) {
        Seen found = seen.get(key);
        return found == null || found.millis() < nowMillis - windowMillis ? null : (Long) found.offset();
    }

    void add(Key key, long offset, long nowMillis) {
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
