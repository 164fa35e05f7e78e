package dev.weir.presence;

import dev.weir.bus.PresenceNews;
import dev.weir.bus.PresenceNews.Kind;
import dev.weir.bus.Roster.Watcher;
import dev.weir.time.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All places. Changes are told a moment after the first of them, so that a thousand sessions that come at once are told of in a few
 * frames. Owned by the roster's event loop.
 */
final class Gathering {
    private static final Duration SETTLE = Duration.ofMillis(25);

    private final Timers timers;
    private final int most;
    private final Tally tally;
    private final Map<String, Place> places = new HashMap<>();
    private final Set<Place> unsettled = new LinkedHashSet<>();

    /** @param most members of a place up to which each change is told */
    Gathering(Timers timers, int most, Tally tally) {
        this.timers = timers;
        this.most = most;
        this.tally = tally;
    }

    void put(Entry entry) {
        Place place = place(entry.spot().address());
        int before = place.count();
        place.put(entry);
        tally.members.add(place.count() - before);
        unsettled(place);
    }

    void remove(Entry entry) {
        Place place = places.get(entry.spot().address());
        if (place != null) {
            place.remove(entry);
            unsettled(place);
        }
    }

    /** The member an entry stands for, as all nodes have it; null when it is not there. */
    @Nullable
    Present member(Entry entry) {
        Place place = places.get(entry.spot().address());
        return place == null ? null : place.member(entry.member());
    }

    void watch(String address, String session, Watcher watcher) {
        Place place = place(address);
        place.watch(session, watcher);
        unsettled(place);
    }

    void unwatch(String address, Watcher watcher) {
        Place place = places.get(address);
        if (place != null) {
            place.unwatch(watcher);
            unsettled(place);
        }
    }

    PresenceNews list(String address, int limit) {
        Place place = places.get(address);
        return place == null ? PresenceNews.of(address, 0, List.of()) : place.list(limit);
    }

    /** How many members each place has that has any. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>();
        places.forEach((address, place) -> {
            if (place.count() > 0) {
                counts.put(address, place.count());
            }
        });
        return counts;
    }

    /** How many addresses somebody is on, or watches. */
    int places() {
        return places.size();
    }

    /** Once a second: the number of those where nothing else is told. */
    void recount() {
        places.values().forEach(Place::recount);
    }

    private Place place(String address) {
        return places.computeIfAbsent(address, key -> new Place(key, most));
    }

    private void unsettled(Place place) {
        if (unsettled.isEmpty()) {
            timers.after(SETTLE, this::settle);
        }
        unsettled.add(place);
    }

    private void settle() {
        List<Place> now = List.copyOf(unsettled);
        unsettled.clear();
        for (Place place : now) {
            int before = place.count();
            place.settle(this::count);
            tally.members.add(place.count() - before);
            if (place.isEmpty()) {
                places.remove(place.address());
            }
        }
    }

    private void count(Kind kind) {
        if (kind == Kind.JOIN) {
            tally.joins.increment();
        } else if (kind == Kind.LEAVE) {
            tally.leaves.increment();
        }
    }
}
