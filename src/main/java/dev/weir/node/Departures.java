package dev.weir.node;

import dev.weir.bus.Addresses;
import dev.weir.bus.Departed;
import dev.weir.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** What audits found of nodes that are gone: the last fifty. Written by one audit at a time, read by any thread. */
final class Departures {
    private static final int MOST = 50;

    /** Takes down what an audit finds. */
    @FunctionalInterface
    interface Finding {
        /**
         * A registration of a node that is not in the cluster.
         *
         * @param busAddress where
         * @param removed whether it is gone now
         */
        void found(String node, String busAddress, boolean removed);
    }

    private final AtomicReference<List<Departed>> known = new AtomicReference<>(List.of());

    /** One that takes the time from a clock. */
    Finding at(Clock clock) {
        return (node, busAddress, removed) ->
                known.updateAndGet(before -> add(before, node, busAddress, removed, clock.millis()));
    }

    /** The newest first. */
    List<Departed> list() {
        return Objects.requireNonNull(known.get(), "never null");
    }

    private static List<Departed> add(
            List<Departed> before, String node, String busAddress, boolean removed, long nowMillis) {
        Departed was = before.stream()
                .filter(each -> each.node().equals(node))
                .findFirst()
                .orElse(new Departed(node, 0, 0, List.of(), nowMillis));
        List<String> addresses = new ArrayList<>(was.addresses());
        String shown = Addresses.shown(busAddress);
        if (shown != null && !addresses.contains(shown) && addresses.size() < Departed.MOST_NAMED) {
            addresses.add(shown);
        }
        List<Departed> after = new ArrayList<>(before);
        after.remove(was);
        after.add(new Departed(node, was.registrations() + 1, was.removed() + (removed ? 1 : 0), addresses, nowMillis));
        after.sort(Comparator.comparingLong(Departed::atMillis).reversed());
        return List.copyOf(after.subList(0, Math.min(MOST, after.size())));
    }
}
