package dev.weir.journal.hazelcast;

import dev.weir.journal.Append;
import dev.weir.journal.EngineRules;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import dev.weir.journal.RecentIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Commits groups. Events are put into the log's ring first; then its entry, which says where they are, is replaced if it still is the
 * one that was built on. Who loses that race begins again on the newer entry, and what it has put into the ring belongs to
 * nobody. So that this is rare, nodes that find others writing take a lock first; nothing depends on it. Owned by the writer.
 */
final class RingWriter {
    private static final int MOST_ATTEMPTS = 50;
    private static final int MOST_KNOWN = 20_000;

    private final Logs logs;
    private final Rings rings;
    private final Calls calls;
    private final RecentIds recent;
    private final Repair repair;
    private final Stamps stamps;
    private final LongAdder trimmed;
    private final Map<String, WriterLog> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, WriterLog> eldest) {
            return size() > MOST_KNOWN;
        }
    };
    private int numbers;

    RingWriter(Logs logs, Rings rings, Calls calls, EngineRules rules, Stamps stamps, LongAdder trimmed) {
        this.logs = logs;
        this.rings = rings;
        this.calls = calls;
        this.recent = new RecentIds(rules.windowMillis(), rules.mostIds());
        this.repair = new Repair(logs, rings, stamps);
        this.stamps = stamps;
        this.trimmed = trimmed;
    }

    List<Outcome> commit(List<Append> appends, long nowMillis) throws JournalException {
        // In order of the addresses, as all writers take the locks.
        Map<String, Share> shares = new TreeMap<>();
        for (int i = 0; i < appends.size(); i++) {
            Append append = appends.get(i);
            shares.computeIfAbsent(append.address(), address -> new Share(log(address)))
                    .add(i, append);
        }
        Outcome[] outcomes = new Outcome[appends.size()];
        List<String> locked = new ArrayList<>();
        try {
            Collection<Share> waiting = shares.values();
            for (int attempt = 0; !waiting.isEmpty(); attempt++) {
                if (attempt == MOST_ATTEMPTS) {
                    throw new JournalException(
                            "other nodes were faster " + MOST_ATTEMPTS + " times",
                            new IllegalStateException("contended"));
                }
                lock(waiting, locked);
                waiting = attempt(waiting, outcomes, nowMillis);
            }
        } finally {
            logs.unlock(locked);
        }
        recent.expire(nowMillis);
        return List.of(outcomes);
    }

    private WriterLog log(String address) {
        return known.computeIfAbsent(address, none -> new WriterLog(address, ++numbers));
    }

    private void lock(Collection<Share> shares, List<String> locked) throws JournalException {
        for (Share share : shares) {
            WriterLog log = share.log;
            if (log.contended > 0 && !locked.contains(log.address)) {
                if (!logs.lock(log.address)) {
                    // Whoever has it hangs, or is slow. Waiting for more of them helps nobody.
                    return;
                }
                log.contended--;
                log.stale = true;
                locked.add(log.address);
            }
        }
    }

    /** Those that have to be tried again. */
    private List<Share> attempt(Collection<Share> shares, Outcome[] outcomes, long nowMillis) throws JournalException {
        refresh(shares, nowMillis);
        List<Share> again = new ArrayList<>();
        Map<Share, LogEntry> begun = new HashMap<>();
        for (Share share : shares) {
            try {
                begun.put(share, begin(share, nowMillis));
            } catch (Gone lost) {
                repair(share.log, lost, nowMillis);
            }
        }
        for (Share share : shares) {
            LogEntry base = begun.get(share);
            if (base == null || !finish(share, base, outcomes, nowMillis)) {
                share.log.stale = true;
                again.add(share);
            }
        }
        return again;
    }

    private void refresh(Collection<Share> shares, long nowMillis) throws JournalException {
        List<String> stale = new ArrayList<>();
        for (Share share : shares) {
            share.fresh = share.log.stale;
            if (share.fresh) {
                stale.add(share.log.address);
            }
        }
        if (stale.isEmpty()) {
            return;
        }
        Map<String, LogEntry> found = stale.size() == 1 ? one(stale.get(0)) : logs.get(stale);
        for (Share share : shares) {
            if (share.fresh) {
                LogEntry now = found.get(share.log.address);
                share.log.adopt(
                        now == null ? logs.begin(share.log.address, LogEntry.begin(nowMillis, stamps.next())) : now,
                        ++numbers);
            }
        }
    }

    private Map<String, LogEntry> one(String address) throws JournalException {
        LogEntry found = logs.get(address);
        return found == null ? Map.of() : Map.of(address, found);
    }

    /** Sends what is new; answers the entry that it builds on, with its ring. */
    private LogEntry begin(Share share, long nowMillis) throws JournalException, Gone {
        WriterLog log = share.log;
        LogEntry base = Objects.requireNonNull(log.entry, "refreshed");
        if (share.hasOwnIds()) {
            remember(log, base, nowMillis);
        }
        share.plan(base, recent, nowMillis);
        if (!share.hasNews()) {
            return base;
        }
        int capacity = RingLayout.capacity(share.keep().events());
        if (!base.hasEvents()) {
            base = base.withNewRing(capacity);
        } else if (base.capacity() < capacity) {
            base = rings.move(log.address, base, capacity);
        }
        long appended = Math.max(base.appendedMillis(), nowMillis);
        String ring = base.ringName(log.address);
        long next = Math.max(base.head(), Math.max(floor(share, base), share.head() - base.capacity())) + 1;
        while (next <= share.head()) {
            List<byte[]> items = share.items(next, Rings.CHUNK, appended);
            share.chunks.add(new Share.Chunk(next, items.size(), rings.add(ring, items)));
            next += items.size();
        }
        return base;
    }

    private static long floor(Share share, LogEntry base) {
        return Math.max(base.floor(), share.head() - Math.min(share.keep().events(), RingLayout.MOST_EVENTS));
    }

    /** Whether it is kept. */
    private boolean finish(Share share, LogEntry base, Outcome[] outcomes, long nowMillis) throws JournalException {
        WriterLog log = share.log;
        if (!share.hasNews()) {
            if (share.fresh) {
                share.committed(base, outcomes, recent, nowMillis);
            }
            return share.fresh;
        }
        LogEntry old = Objects.requireNonNull(log.entry, "refreshed");
        LogEntry next;
        try {
            next = successor(share, base, nowMillis);
        } catch (Gone lost) {
            repair(log, lost, nowMillis);
            return false;
        }
        boolean kept = logs.replace(log.address, old, next) || isIn(share);
        String left = kept ? old.ring() : base.ring();
        if (!old.ring().equals(base.ring()) && !left.isEmpty()) {
            rings.destroy((kept ? old : base).ringName(log.address));
        }
        if (kept) {
            trimmed.add(next.floor() - old.floor());
            log.entry = next;
            log.idsTo = log.idsTo == old.head() ? next.head() : log.idsTo;
            share.committed(next, outcomes, recent, nowMillis);
        }
        return kept;
    }

    private LogEntry successor(Share share, LogEntry base, long nowMillis) throws JournalException, Gone {
        Segments segments = base.segments();
        long newest = segments.isEmpty() ? -1 : segments.sequence(base.head());
        for (Share.Chunk chunk : share.chunks) {
            long last = calls.answer(chunk.last());
            if (last - chunk.count() + 1 <= newest) {
                // The ring has begun anew: it does not have what it had.
                throw new Gone(base.ringName(share.log.address), base.head());
            }
            segments = segments.with(chunk.offset(), last - chunk.count() + 1);
            newest = last;
        }
        long overwritten = segments.firstFrom(newest - base.capacity() + 1, share.head()) - 1;
        return base.next(
                share.head(),
                Math.max(floor(share, base), overwritten),
                Math.max(base.appendedMillis(), nowMillis),
                segments,
                stamps.next());
    }

    /** Whether an entry that somebody else has built on ours is there already, since Hazelcast repeated our call. */
    private boolean isIn(Share share) throws JournalException {
        LogEntry now = logs.get(share.log.address);
        LogEntry base = Objects.requireNonNull(share.log.entry, "refreshed");
        Share.Chunk chunk = share.chunks.get(0);
        if (now == null
                || !now.epoch().equals(base.epoch())
                || !now.ring().equals(base.ring())
                || now.head() < share.head()
                || now.floor() >= chunk.offset()) {
            return false;
        }
        long at = now.segments().sequence(chunk.offset());
        return at == calls.answer(chunk.last()) - chunk.count() + 1;
    }

    /** Learns which ids others have used lately. */
    private void remember(WriterLog log, LogEntry base, long nowMillis) throws JournalException, Gone {
        if (log.idsTo == base.head()) {
            return;
        }
        long from = log.idsTo < 0
                ? rings.firstSince(log.address, base, nowMillis - recent.windowMillis()) - 1
                : Math.max(log.idsTo, base.floor());
        while (from < base.head()) {
            for (RingItem item : rings.read(log.address, base, from, base.head(), Rings.CHUNK)) {
                if (item.event().ownId()) {
                    recent.add(recent.key(log.number, item.event().identity()), item.offset(), item.appendedMillis());
                }
                from = item.offset();
            }
        }
        log.idsTo = base.head();
    }

    private void repair(WriterLog log, Gone lost, long nowMillis) throws JournalException {
        log.stale = true;
        LogEntry entry = log.entry;
        if (entry != null) {
            repair.repair(log.address, entry, lost, nowMillis);
        }
    }
}
