package dev.weir.bus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * What travels on each address of a node. Counting costs one look at a map and one adder for an event that comes in and for a batch
 * that goes out. Addresses are bounded: of those that did not move for longest the counts go together into {@link #others}. Counted by
 * any thread; looked at by one, whose looks make the rates.
 */
public final class Traffic {
    /** Addresses that are counted each for itself. */
    public static final int MOST = 10_000;

    /** How many more there may be between two looks. */
    private static final int ROOM = 2_000;

    /** The counts of one address. What is not an adder belongs to whoever looks. */
    public static final class Meter {
        private final String address;
        private final LongAdder in = new LongAdder();
        private final LongAdder out = new LongAdder();
        private final LongAdder unheard = new LongAdder();
        private long lastIn;
        private long lastOut;
        private long lastUnheard;
        private long heardBefore;
        private long movedMillis;
        private long unheardSince;
        private double inRate;
        private double outRate;

        private Meter(String address) {
            this.address = address;
        }

        /** Which. */
        public String address() {
            return address;
        }

        /** Events and requests that came in on this node. */
        public long in() {
            return in.sum();
        }

        /** Events written to, or queued for, sessions of this node. */
        public long out() {
            return out.sum();
        }

        /** Events that nobody heard since somebody last did. */
        public long unheard() {
            return unheard.sum() - heardBefore;
        }

        /** When the first of {@link #unheard} came, to within a look; 0 when there is none. */
        public long unheardSince() {
            return unheardSince;
        }

        /** Events a second that came in between the last two looks. */
        public double inRate() {
            return inRate;
        }

        /** Events a second that went out between the last two looks. */
        public double outRate() {
            return outRate;
        }

        private void look(long nowMillis, double seconds, boolean heard) {
            long newIn = in();
            long newOut = out();
            inRate = (newIn - lastIn) / seconds;
            outRate = (newOut - lastOut) / seconds;
            if (newIn != lastIn || newOut != lastOut || movedMillis == 0) {
                movedMillis = nowMillis;
            }
            lastIn = newIn;
            lastOut = newOut;
            unheard(nowMillis, heard);
        }

        private void unheard(long nowMillis, boolean heard) {
            long total = unheard.sum();
            boolean more = total > lastUnheard;
            lastUnheard = total;
            if (more && unheardSince == 0) {
                unheardSince = nowMillis;
            } else if (!more && unheardSince > 0 && heard) {
                heardBefore = total;
                unheardSince = 0;
            }
        }
    }

    private final Map<String, Meter> meters = new ConcurrentHashMap<>();
    private final Meter others = new Meter("");
    private long lookedMillis;

    /** Events came in. */
    public void in(String address, int events) {
        of(address).in.add(events);
    }

    /** Events went out to sessions. */
    public void out(String address, long events) {
        of(address).out.add(events);
    }

    /** An event came in that nobody heard. */
    public void unheard(String address) {
        of(address).unheard.increment();
    }

    private Meter of(String address) {
        Meter known = meters.get(address);
        return known == null ? begin(address) : known;
    }

    private Meter begin(String address) {
        return meters.size() < MOST + ROOM ? meters.computeIfAbsent(address, Meter::new) : others;
    }

    /**
     * Takes the rates since the last look, and adds those addresses to the {@link #others} that are too many.
     *
     * @param nowMillis the time now
     * @param heard whether anybody listens to an address now
     */
    public void look(long nowMillis, Predicate<String> heard) {
        double seconds = Math.max(1, nowMillis - lookedMillis) / 1000.0;
        lookedMillis = nowMillis;
        meters.values()
                .forEach(each -> each.look(nowMillis, seconds, each.unheardSince > 0 && heard.test(each.address)));
        others.look(nowMillis, seconds, false);
        if (meters.size() > MOST) {
            fold(meters.size() - MOST);
        }
    }

    private void fold(int tooMany) {
        List<Meter> all = new ArrayList<>(meters.values());
        all.sort(Comparator.comparingLong(each -> each.movedMillis));
        for (Meter each : all.subList(0, tooMany)) {
            meters.remove(each.address);
            // What is counted in this very moment by who has it in hand may be lost.
            others.in.add(each.in());
            others.out.add(each.out());
            others.unheard.add(each.unheard.sum());
        }
    }

    /** Those that are counted each for itself. */
    public Iterable<Meter> meters() {
        return meters.values();
    }

    /** All others together; their address is empty. */
    public Meter others() {
        return others;
    }
}
