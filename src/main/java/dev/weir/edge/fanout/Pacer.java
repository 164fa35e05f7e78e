package dev.weir.edge.fanout;

import dev.weir.time.Timers;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Lets the sessions of one event loop catch up without holding up live events: one read of the journal is under way at a time, and
 * after 256 KiB whatever else waits for the loop goes first. Keeps what was read or
 * encoded for two seconds for those who come next, at most 32 pages.
 * Owned by that event loop.
 */
final class Pacer {
    private static final int TURN_BYTES = 256 * 1024;
    private static final int MOST_PAGES = 32;
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration SWEEP = Duration.ofSeconds(2);

    private final Executor later;
    private final Timers timers;
    private final Set<Replays> ready = new LinkedHashSet<>();
    private final Set<Replays> hungry = new LinkedHashSet<>();
    private final Set<Replays> blocked = new LinkedHashSet<>();
    /** Those that were used longest ago first. */
    private final Map<Page, Replays> pages = new LinkedHashMap<>(16, 0.75f, true);

    private boolean scheduled;
    private boolean reading;
    private Timers.@Nullable Timer polling;
    private Timers.@Nullable Timer sweeping;

    /** @param later runs what it is given on the event loop, once it has looked at its sockets and done all that waits there now */
    Pacer(Executor later, Timers timers) {
        this.later = later;
        this.timers = timers;
    }

    /** Somebody can be served. */
    void ready(Replays replays) {
        ready.add(replays);
        schedule();
    }

    /** Somebody waits for the journal. */
    void hungry(Replays replays) {
        hungry.add(replays);
        read();
    }

    /** Somebody cannot be served now. */
    void blocked(Replays replays) {
        blocked.add(replays);
        if (polling == null) {
            polling = timers.after(POLL, this::poll);
        }
    }

    /** Nobody catches up there any more. */
    void idle(Replays replays) {
        ready.remove(replays);
        hungry.remove(replays);
        blocked.remove(replays);
    }

    /** A page was made. */
    void keep(Replays replays, Page page) {
        pages.put(page, replays);
        if (pages.size() > MOST_PAGES) {
            Page eldest = pages.keySet().iterator().next();
            drop(eldest);
        }
        if (sweeping == null) {
            sweeping = timers.every(SWEEP, this::sweep);
        }
    }

    /** A page is used. */
    void touch(Page page) {
        pages.get(page);
    }

    /** Another page took its place. */
    void replaced(Page page) {
        pages.remove(page);
        page.release();
    }

    /** All pages of a group that are not to be used any more. */
    void forget(Replays replays) {
        List.copyOf(pages.keySet()).stream()
                .filter(page -> replays.equals(pages.get(page)))
                .forEach(this::drop);
    }

    private void drop(Page page) {
        Replays owner = pages.remove(page);
        if (owner != null) {
            owner.drop(page);
            page.release();
        }
    }

    private void sweep() {
        List.copyOf(pages.keySet()).stream().filter(page -> !page.takeUsed()).forEach(this::drop);
        if (pages.isEmpty() && sweeping != null) {
            sweeping.cancel();
            sweeping = null;
        }
    }

    private void schedule() {
        if (!scheduled && !ready.isEmpty()) {
            scheduled = true;
            later.execute(this::turn);
        }
    }

    private void turn() {
        scheduled = false;
        int left = TURN_BYTES;
        while (left > 0 && !ready.isEmpty()) {
            Replays next = takeFirst(ready);
            left -= next.serve(left);
            if (next.isReady()) {
                ready.add(next);
            }
        }
        schedule();
    }

    private void read() {
        while (!reading && !hungry.isEmpty()) {
            Replays next = takeFirst(hungry);
            if (next.wants()) {
                reading = true;
                next.read().onComplete(done -> {
                    reading = false;
                    read();
                });
            }
        }
    }

    private void poll() {
        polling = null;
        List<Replays> now = List.copyOf(blocked);
        blocked.clear();
        now.forEach(Replays::unblock);
    }

    private static Replays takeFirst(Set<Replays> from) {
        Iterator<Replays> all = from.iterator();
        Replays first = all.next();
        all.remove();
        return first;
    }
}
