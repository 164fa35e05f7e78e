package dev.weir.edge.rest;

import dev.weir.bus.Journal;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a log on until a page of events of certain types is full, it ends, or a bounded number was looked at; the page says how far
 * it came, so the next goes on there. Serves one request.
 */
final class HistorySearch {
    private static final int STEP = 1_000;
    private static final int MOST_LOOKED_AT = 10_000;

    private final Journal journal;
    private final String address;
    private final Set<String> types;
    private final int limit;
    private final long until;
    private final List<KeptEvent> found = new ArrayList<>();
    private int lookedAt;

    /**
     * @param types those that are wanted; empty for all
     * @param until the last offset that is wanted
     */
    HistorySearch(Journal journal, String address, Set<String> types, int limit, long until) {
        this.until = until;
        this.journal = journal;
        this.address = address;
        this.types = types;
        this.limit = limit;
    }

    /** The page that begins after an offset. */
    Future<Kept> page(long from) {
        return types.isEmpty() ? journal.read(address, from, limit).map(this::cut) : search(from, from);
    }

    private Kept cut(Kept page) {
        if (page.to() <= until) {
            return page;
        }
        List<KeptEvent> wanted =
                page.events().stream().filter(event -> event.offset() <= until).toList();
        return new Kept(address, page.head(), page.from(), Math.max(until, page.from()), wanted);
    }

    private Future<Kept> search(long from, long at) {
        return journal.read(address, at, STEP).map(this::cut).compose(page -> {
            long begun = at == from ? page.from() : from;
            long to = take(page);
            boolean done = found.size() == limit
                    || lookedAt >= MOST_LOOKED_AT
                    || to >= Math.min(page.head().head(), until)
                    || to <= at;
            return done
                    ? Future.succeededFuture(new Kept(address, page.head(), begun, Math.max(to, begun), found))
                    : search(begun, to);
        });
    }

    /** Collects what is wanted; says up to which offset that is everything. */
    private long take(Kept page) {
        for (KeptEvent event : page.events()) {
            lookedAt++;
            if (types.contains(typeOf(event))) {
                found.add(event);
                if (found.size() == limit) {
                    return event.offset();
                }
            }
        }
        return page.to();
    }

    private static String typeOf(KeptEvent event) {
        String type = event.headers().get(EventHeaders.TYPE);
        return type == null ? EventHeaders.DEFAULT_TYPE : type;
    }
}
