package dev.weir.edge.fanout;

import dev.weir.bus.Counters;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Journal;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Position;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings sessions of a group from their positions to where the group is, and then makes them members: events of the journal, then
 * those the group got meanwhile. No gap and no duplicate, because all of it happens on the group's event loop. Who wants the same
 * shares reads and encoded bytes; a session gets more when its transport has taken what it got. Owned by that event loop.
 */
final class Replays {
    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final int PAGE = 500;
    private static final int COST_OF_A_WRITE = 2 * 1024;
    private static final long NOWHERE = -1;
    /** So many share pages that begin at multiples of their length, wherever each of them is. */
    private static final int CROWD = 16;

    private final Group group;
    private final Fanout fanout;
    private final Journal journal;
    private final Pacer pacer;
    private final Counters counters;
    private final Map<Outlet, CatchUp> catching = new LinkedHashMap<>(0);
    private final ArrayDeque<CatchUp> ready = new ArrayDeque<>(0);
    private final List<CatchUp> hungry = new ArrayList<>(0);
    private final List<CatchUp> blocked = new ArrayList<>(0);
    /** Out of the journal, by where they begin. */
    private final NavigableMap<Long, Page> history = new TreeMap<>();
    /** Out of the tail. */
    private final NavigableMap<Long, Page> recent = new TreeMap<>();
    /** What the group got since somebody began to catch up. */
    private final Tail tail = new Tail();

    private long soon = NOWHERE;

    Replays(Group group, Fanout fanout, Journal journal) {
        this.group = group;
        this.fanout = fanout;
        this.journal = journal;
        this.pacer = fanout.pacer();
        this.counters = fanout.counters();
    }

    int size() {
        return catching.size();
    }

    Collection<Outlet> sessions() {
        return catching.keySet();
    }

    void begin(CatchUp who) {
        if (catching.isEmpty()) {
            tail.begin(group.position().offset());
        }
        counters.replays.increment();
        catching.put(who.outlet(), who);
        ready.add(who);
        pacer.ready(this);
    }

    /** The session left, or has got where it was going; true when it was on its way. */
    boolean stop(Outlet outlet) {
        if (catching.remove(outlet) == null) {
            return false;
        }
        counters.replays.decrement();
        if (catching.isEmpty()) {
            ready.clear();
            hungry.clear();
            blocked.clear();
            tail.clear();
            soon = NOWHERE;
            pacer.idle(this);
        }
        return true;
    }

    /** The log is another one now. */
    void forget() {
        pacer.forget(this);
    }

    /** Not to be used any more; the pacer lets go of it. */
    void drop(Page page) {
        if (!recent.remove(page.from(), page)) {
            history.remove(page.from(), page);
        }
    }

    /** The group got these. */
    void heard(List<KeptEvent> events) {
        tail.add(events);
    }

    boolean isReady() {
        return !ready.isEmpty();
    }

    /** Serves sessions in turn; what that has cost, about in bytes. */
    int serve(int most) {
        int spent = 0;
        while (spent < most && !ready.isEmpty()) {
            CatchUp next = ready.remove();
            if (isCurrent(next)) {
                spent += serveOrEnd(next);
            }
        }
        return spent;
    }

    /** What cannot be written must not hold up the others, nor be passed over in silence. */
    private int serveOrEnd(CatchUp who) {
        try {
            return serve(who);
        } catch (RuntimeException bug) {
            LOG.error("events of {} after {} cannot be written", group.address(), who.at(), bug);
            group.lost(who.outlet(), FailureCode.UNAVAILABLE);
            return COST_OF_A_WRITE;
        }
    }

    private boolean isCurrent(CatchUp who) {
        return catching.get(who.outlet()) == who;
    }

    private int serve(CatchUp who) {
        long here = group.position().offset();
        if (who.at() == here) {
            stop(who.outlet());
            group.addHere(who.outlet());
            return COST_OF_A_WRITE;
        }
        // The session reads slowly, or it comes from an event loop that was ahead of this one.
        if (who.at() > here || !who.outlet().accepts()) {
            blocked.add(who);
            pacer.blocked(this);
            return 0;
        }
        Page page = page(who);
        if (page == null) {
            hungry.add(who);
            pacer.hungry(this);
            return 0;
        }
        int cost = write(who, page.chunk(who));
        // Not if it closed at that.
        if (isCurrent(who)) {
            ready.add(who);
        }
        return cost;
    }

    private @Nullable Page page(CatchUp who) {
        Page newest = covering(recent, who);
        if (newest != null) {
            pacer.touch(newest);
            return newest;
        }
        if (who.at() >= tail.from()) {
            Page.Span span = Page.Span.complete(who.at(), group.position().offset());
            Page made = new Page(span, tail.after(who.at()), group::encode, fanout.allocator());
            keep(recent, made);
            return made;
        }
        Page known = covering(history, who);
        if (known != null) {
            pacer.touch(known);
            readAhead(known);
        }
        return known;
    }

    private static @Nullable Page covering(NavigableMap<Long, Page> pages, CatchUp who) {
        Map.Entry<Long, Page> found = pages.floorEntry(who.at());
        return found != null && found.getValue().covers(who) ? found.getValue() : null;
    }

    /** Who reads this wants what follows next. */
    private void readAhead(Page page) {
        if (page.to() > soon && page.to() < tail.from() && !history.containsKey(page.to())) {
            soon = page.to();
            pacer.hungry(this);
        }
    }

    private int write(CatchUp who, Page.Chunk chunk) {
        int events = chunk.eventsAfter(who.at());
        int encoded = chunk.takeFresh();
        ByteBuf frames = chunk.after(who.at());
        who.advance(chunk.to());
        if (frames == null) {
            return 1;
        }
        int bytes = frames.readableBytes();
        counters.replayEncoded.add(encoded);
        counters.replayed.add(events);
        fanout.delivered(group.address(), events, bytes);
        who.outlet().offer(frames);
        return (encoded > 0 ? 2 * bytes : bytes) + COST_OF_A_WRITE;
    }

    /** Sessions whose transport may accept something again. */
    void unblock() {
        List<CatchUp> all = List.copyOf(blocked);
        blocked.clear();
        for (CatchUp who : all) {
            if (!isCurrent(who)) {
                continue;
            }
            if (who.outlet().accepts() && who.at() <= group.position().offset()) {
                ready.add(who);
            } else if (who.mayWait()) {
                blocked.add(who);
            } else {
                // It holds what is kept for those who catch up.
                who.outlet().shed();
            }
        }
        if (!blocked.isEmpty()) {
            pacer.blocked(this);
        }
        if (isReady()) {
            pacer.ready(this);
        }
    }

    /** Whether there is something to read. */
    boolean wants() {
        return !catching.isEmpty() && from(neediest()) != NOWHERE;
    }

    /** Where the one is that waits and is furthest behind. */
    private long neediest() {
        return hungry.stream()
                .filter(this::isCurrent)
                .mapToLong(CatchUp::at)
                .min()
                .orElse(NOWHERE);
    }

    private long from(long neediest) {
        if (neediest == NOWHERE) {
            return history.containsKey(soon) ? NOWHERE : soon;
        }
        return catching.size() < CROWD ? neediest : neediest - neediest % PAGE;
    }

    /** Reads what the one that is furthest behind wants; completes when it was taken. */
    Future<Kept> read() {
        long neediest = neediest();
        long from = from(neediest);
        soon = Math.max(soon, from);
        counters.replayReads.increment();
        return journal.read(group.address(), from, PAGE).onComplete(done -> take(neediest, from, done.result()));
    }

    private void take(long neediest, long from, @Nullable Kept read) {
        List<CatchUp> waited = hungry.stream().filter(this::isCurrent).toList();
        hungry.clear();
        boolean found = read != null && keep(from, read) > neediest;
        for (CatchUp who : waited) {
            FailureCode lost = lost(who, read);
            if (lost != null) {
                group.lost(who.outlet(), lost);
            } else if (found || who.at() != neediest) {
                ready.add(who);
            } else {
                blocked.add(who);
            }
        }
        if (!blocked.isEmpty()) {
            pacer.blocked(this);
        }
        if (isReady()) {
            pacer.ready(this);
        }
    }

    /** Makes a page of it, unless there is nothing in it that the group has got; where the page ends. */
    private long keep(long from, Kept read) {
        Position here = group.position();
        // What the group has not got yet it will get, and pass on to all its members.
        long to = Math.min(read.to(), here.offset());
        if (to <= from || catching.isEmpty() || !read.head().epoch().equals(here.epoch())) {
            return NOWHERE;
        }
        List<KeptEvent> events = to == read.to()
                ? read.events()
                : read.events().stream().filter(event -> event.offset() <= to).toList();
        Page page = new Page(
                new Page.Span(from, to, read.head().floor(), read.head().head()),
                events,
                group::encode,
                fanout.allocator());
        keep(history, page);
        return to;
    }

    /** However many there are, the pacer holds only so many. */
    private void keep(Map<Long, Page> pages, Page page) {
        Page before = pages.put(page.from(), page);
        if (before != null) {
            pacer.replaced(before);
        }
        pacer.keep(this, page);
    }

    private static @Nullable FailureCode lost(CatchUp who, @Nullable Kept read) {
        if (read == null) {
            return FailureCode.UNAVAILABLE;
        }
        if (!read.head().epoch().equals(who.epoch())) {
            return FailureCode.EPOCH_CHANGED;
        }
        return read.head().floor() > Math.max(who.at(), who.values()) ? FailureCode.TRIMMED : null;
    }
}
