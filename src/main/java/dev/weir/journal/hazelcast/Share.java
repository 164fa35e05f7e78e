package dev.weir.journal.hazelcast;

import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.EventRow;
import dev.weir.journal.Identities;
import dev.weir.journal.Outcome;
import dev.weir.journal.RecentIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One log's share of a group: what of it is new, and which offsets it gets if nobody else writes meanwhile. Planned anew for each
 * attempt. Owned by the writer.
 */
final class Share {
    /** Items on their way into the ring, from that offset on. */
    record Chunk(long offset, int count, CompletionStage<Long> last) {}

    final WriterLog log;
    final List<Chunk> chunks = new ArrayList<>();

    /** Whether the entry was read for this group. */
    boolean fresh;

    private final List<Append> appends = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<long[]> offsets = new ArrayList<>();
    private final List<Long> froms = new ArrayList<>();
    private final List<EventRow> rows = new ArrayList<>();
    private final Map<Identities.Key, Long> ids = new HashMap<>();
    private long first;

    Share(WriterLog log) {
        this.log = log;
    }

    void add(int place, Append append) {
        places.add(place);
        appends.add(append);
    }

    /** How much is kept, as the newest append says. */
    Keep keep() {
        return appends.get(appends.size() - 1).keep();
    }

    /** Whether any producer chose an id, so that it may be a repeat. */
    boolean hasOwnIds() {
        return appends.stream().anyMatch(append -> append.rows().stream().anyMatch(EventRow::ownId));
    }

    void plan(LogEntry base, RecentIds recent, long nowMillis) {
        offsets.clear();
        froms.clear();
        rows.clear();
        ids.clear();
        chunks.clear();
        first = base.head() + 1;
        for (Append append : appends) {
            froms.add(base.head() + rows.size());
            long[] own = new long[append.rows().size()];
            for (int i = 0; i < own.length; i++) {
                own[i] = place(base, append.rows().get(i), recent, nowMillis);
            }
            offsets.add(own);
        }
    }

    private long place(LogEntry base, EventRow row, RecentIds recent, long nowMillis) {
        Identities.@Nullable Key key = row.ownId() ? recent.key(log.number, row.identity()) : null;
        Long known = key == null ? null : ids.get(key);
        if (known == null && key != null) {
            known = recent.find(key, nowMillis);
        }
        if (known != null) {
            return known;
        }
        rows.add(row);
        long offset = base.head() + rows.size();
        if (key != null) {
            ids.put(key, offset);
        }
        return offset;
    }

    boolean hasNews() {
        return !rows.isEmpty();
    }

    long head() {
        return first - 1 + rows.size();
    }

    /** The new events from that offset on, as they stand in the ring. */
    List<byte[]> items(long from, int most, long appendedMillis) {
        List<byte[]> items = new ArrayList<>();
        for (long offset = from; offset <= head() && items.size() < most; offset++) {
            items.add(new RingItem(offset, appendedMillis, rows.get((int) (offset - first))).encode());
        }
        return items;
    }

    /** It is kept: tells who waits, and remembers the ids. */
    void committed(LogEntry now, Outcome[] outcomes, RecentIds recent, long nowMillis) {
        for (int i = 0; i < appends.size(); i++) {
            outcomes[places.get(i)] = new Outcome(now.ends(), froms.get(i), offsets.get(i));
        }
        ids.forEach((key, offset) -> recent.add(key, offset, nowMillis));
    }
}
