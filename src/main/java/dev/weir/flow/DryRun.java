package dev.weir.flow;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets versions of a flow go through the same past, event by event beside each other, within bounds. Used by one thread at a time.
 */
final class DryRun {
    private static final long MOST_BYTES = 64L << 20;
    private static final long MOST_REMEMBERED = 200_000;

    /** How often is looked at what takes a moment. */
    private static final int OFTEN = 64;

    private final Past past;
    private final Versions versions;
    private final int limit;
    private final BooleanSupplier late;
    private List<DryLane> lanes = List.of();
    private final Set<String> ids = new HashSet<>();
    private @Nullable String bound;
    private int events;
    private long bytes;
    private long beginMillis;
    private long nowMillis;

    /** Makes the lanes. */
    @FunctionalInterface
    interface Versions {
        /** The candidate first; new ones at the time at which the first event came. */
        List<DryLane> at(long startMillis);
    }

    /**
     * @param limit how many events at most
     * @param late whether it has taken too long
     */
    DryRun(Past past, Versions versions, int limit, BooleanSupplier late) {
        this.past = past;
        this.versions = versions;
        this.limit = limit;
        this.late = late;
    }

    /** Goes on as far as is read; whether more must be read. */
    boolean work() {
        while (bound == null && !past.isOver()) {
            PastLog next = past.next();
            if (next == null) {
                return true;
            }
            bound = reached(next);
            if (bound == null) {
                take(next);
            }
        }
        return false;
    }

    private @Nullable String reached(PastLog next) {
        if (events >= limit) {
            return "limit";
        }
        if (bytes + next.nextBytes() > MOST_BYTES) {
            return "bytes";
        }
        if (lanes.stream().anyMatch(DryLane::isFull)) {
            return "emissions";
        }
        if (events % OFTEN == 0 && lanes.stream().mapToLong(DryLane::remembered).sum() > MOST_REMEMBERED) {
            return "state";
        }
        return late.getAsBoolean() ? "time" : null;
    }

    private void take(PastLog log) {
        bytes += log.nextBytes();
        FlowEvent event = log.take();
        String id = event.id();
        if (id != null) {
            ids.add(id);
        }
        nowMillis = Math.max(nowMillis, log.millis());
        begin(nowMillis);
        lanes.forEach(lane -> lane.take(event, nowMillis, late));
        events++;
    }

    private void begin(long millis) {
        if (lanes.isEmpty()) {
            beginMillis = millis;
            nowMillis = millis;
            lanes = versions.at(millis);
        }
    }

    /** Lets the time after the last event pass, when all events were read. */
    void end(long untilMillis) {
        begin(untilMillis);
        if (bound == null && untilMillis > nowMillis) {
            nowMillis = untilMillis;
            lanes.forEach(lane -> lane.advance(untilMillis, late));
            bound = late.getAsBoolean() ? "time" : null;
        }
    }

    Past past() {
        return past;
    }

    void close() {
        lanes.forEach(DryLane::close);
    }

    List<DryLane> lanes() {
        return lanes;
    }

    /** Which bound ended it before all events were read; null when none did. */
    @Nullable
    String bound() {
        return bound;
    }

    /** The ids of the events. */
    Set<String> ids() {
        return ids;
    }

    int events() {
        return events;
    }

    long beginMillis() {
        return beginMillis;
    }

    long endMillis() {
        return nowMillis;
    }
}
