package dev.weir.journal.trace;

import dev.weir.bus.Traces;
import dev.weir.bus.Traces.By;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import dev.weir.journal.Sought;
import dev.weir.journal.TraceStore;
import dev.weir.journal.Work;
import dev.weir.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One search through all logs, the newest events first. The log whose next stretch is the newest is looked at next, so whenever the search
 * ends it is known up to when everything was looked at. It ends early when it has come to the event with which all that is sought began,
 * since nothing was caused before its cause was kept. Blocking; owned by one thread.
 */
final class Search {
    /** How long it may take to find an event, and again what that belongs to. */
    static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** An event that was found. */
    record Hit(TraceStore.Log log, long offset, long appendedMillis, EventRow event) {
        Work.Place place() {
            return new Work.Place(log.address(), log.epoch(), offset);
        }
    }

    private record Next(TraceStore.Log log, long to, long newestMillis) {}

    private record Key(String address, long offset) {}

    private final TraceStore store;
    private final Clock clock;
    private final Traces.Query query;
    private final List<TraceStore.Log> logs;
    private final Map<Key, Hit> found = new LinkedHashMap<>();
    private final List<Sought> sought = new ArrayList<>();
    private long looked;
    private long backToMillis;
    private boolean more;

    Search(TraceStore store, Clock clock, Traces.Query query) throws JournalException {
        this.store = store;
        this.clock = clock;
        this.query = query;
        this.logs = store.logs().stream()
                .filter(log -> query.address() == null || query.address().equals(log.address()))
                .toList();
    }

    /** Looks for the id, and then for all that the event with this id belongs to. */
    void run() throws JournalException {
        Sought first = new Sought(query.id(), query.by());
        sought.add(first);
        scan(first);
        String together = query.by().contains(By.EVENT) ? correlation() : null;
        if (together != null && !together.equals(query.id())) {
            Sought all = new Sought(together, Set.of(By.CORRELATION));
            sought.add(all);
            scan(all);
        }
    }

    /** What the event that was asked for belongs to; null when it was not found. */
    private @Nullable String correlation() {
        return found.values().stream()
                .filter(hit -> query.id().equals(hit.event().id()))
                .map(hit -> hit.event().busHeaders().get(Sought.CORRELATION))
                .filter(each -> each != null)
                .findFirst()
                .orElse(null);
    }

    private void scan(Sought wanted) throws JournalException {
        long begunNanos = clock.nanos();
        long endMillis = query.sinceMillis();
        PriorityQueue<Next> queue =
                new PriorityQueue<>(Comparator.comparingLong(Next::newestMillis).reversed());
        for (TraceStore.Log log : logs) {
            TraceStore.Log wantedOf =
                    log.appendedMillis() < query.beforeMillis() ? log : store.before(log, query.beforeMillis());
            if (wantedOf.head() > log.floor()) {
                queue.add(new Next(log, wantedOf.head(), wantedOf.appendedMillis()));
            }
        }
        for (Next next = queue.peek(); next != null && next.newestMillis() >= endMillis; next = queue.peek()) {
            if (found.size() > query.limit() || clock.nanos() - begunNanos > MOST_NANOS) {
                backToMillis = Math.max(backToMillis, next.newestMillis() + 1);
                more |= found.size() > query.limit();
                return;
            }
            queue.remove();
            endMillis = Math.max(endMillis, look(next, wanted, queue));
        }
    }

    /** Looks at the next stretch; answers when the event was kept with which all began, if it is there. */
    private long look(Next next, Sought wanted, PriorityQueue<Next> queue) throws JournalException {
        TraceStore.Stretch stretch = store.look(next.log(), next.to(), wanted, query.limit() + 1);
        looked += stretch.looked();
        long began = 0;
        for (TraceStore.Row row : stretch.rows()) {
            if (row.appendedMillis() >= query.sinceMillis() && row.appendedMillis() < query.beforeMillis()) {
                Key key = new Key(next.log().address(), row.offset());
                found.put(key, new Hit(next.log(), row.offset(), row.appendedMillis(), row.event()));
            }
            if (wanted.isName() && wanted.id().equals(row.event().id())) {
                began = Math.max(began, row.appendedMillis());
            }
        }
        if (stretch.from() > next.log().floor()) {
            queue.add(new Next(next.log(), stretch.from(), stretch.oldestMillis()));
        }
        return began;
    }

    /** What was found, in the order in which it was kept, at most as much as was asked for: then the newest. */
    List<Hit> hits() {
        List<Hit> all = new ArrayList<>(found.values());
        all.sort(Comparator.comparingLong(Hit::appendedMillis)
                .thenComparing(hit -> hit.log().address())
                .thenComparingLong(Hit::offset));
        more |= all.size() > query.limit();
        return all.subList(Math.max(0, all.size() - query.limit()), all.size());
    }

    /** What was looked for, one after the other. */
    List<Sought> sought() {
        return sought;
    }

    /** Whether there are more than were asked for; to be asked after {@link #hits}. */
    boolean hasMore() {
        return more;
    }

    Traces.Searched searched() {
        int trimmed = (int) logs.stream().filter(TraceStore.Log::trimmed).count();
        return new Traces.Searched(looked, logs.size(), trimmed, backToMillis);
    }
}
