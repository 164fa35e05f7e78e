package dev.weir.presence;

import dev.weir.bus.Member;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One member of one address with its sessions on all nodes, and as it was told last. Owned by the roster's event loop. */
final class Present {
    private static final Comparator<Entry> SAID_LAST = Comparator.comparingLong(Entry::stamp)
            .thenComparing(entry -> entry.spot().session());

    private final Map<String, Entry> sessions = new HashMap<>(2);
    private @Nullable Member told;

    Map<String, Entry> sessions() {
        return sessions;
    }

    /** As watchers know it, null when they do not. */
    @Nullable
    Member told() {
        return told;
    }

    void told(Member now) {
        told = now;
    }

    /** What all nodes make of the same entries; null without any. */
    @Nullable
    Member now() {
        if (sessions.isEmpty()) {
            return null;
        }
        Entry last = sessions.values().stream().max(SAID_LAST).orElseThrow();
        return new Member(last.who().id(), last.who().anonymous(), last.who().data(), sinceMillis(), sessions.size());
    }

    long sinceMillis() {
        return sessions.values().stream().mapToLong(Entry::sinceMillis).min().orElse(Long.MAX_VALUE);
    }

    long lastStamp() {
        return sessions.values().stream().mapToLong(Entry::stamp).max().orElse(Long.MIN_VALUE);
    }
}
