package dev.weir.observe;

import dev.weir.bus.BusCensus;
import dev.weir.bus.Head;
import dev.weir.bus.Listeners;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.Traffic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The addresses in use of a node, and which of them changed when. Bounded. Owned by one event loop. */
final class TrafficTable {
    private static final int MOST_ROWS = Traffic.MOST;
    private static final int MOST_TOLD = 500;
    private static final Listeners NOBODY = new Listeners(0, 0, 0, 0);

    private static final class Line {
        private TrafficRow row;
        private final @Nullable Policy policy;
        private long changed;
        private long told;

        Line(TrafficRow row, @Nullable Policy policy, long round) {
            this.row = row;
            this.policy = policy;
            this.changed = round;
        }

        Line is(TrafficRow now, long round) {
            if (!now.equals(row)) {
                row = now;
                changed = round;
            }
            return this;
        }
    }

    private final TrafficSources of;
    private Map<String, Line> lines = new LinkedHashMap<>();
    private final Map<String, Long> gone = new HashMap<>();
    private Map<String, Long> takenBefore = Map.of();
    private long gatheredNanos;
    private @Nullable Policies policies;

    TrafficTable(TrafficSources of) {
        this.of = of;
    }

    /** Takes what was gathered in one round. */
    void update(
            long round,
            SortedMap<String, SortedMap<String, Listeners>> listening,
            Map<String, Integer> present,
            Map<String, Head> logs) {
        Policies inForce = of.policies().get();
        boolean reloaded = inForce != policies;
        policies = inForce;
        Map<String, Traffic.Meter> meters = new LinkedHashMap<>();
        of.traffic().meters().forEach(each -> meters.put(each.address(), each));
        long now = of.clock().nanos();
        double seconds = Math.max(1, (now - gatheredNanos) / 1e9);
        gatheredNanos = now;
        Map<String, Long> taken = taken();
        Map<String, Line> next = new LinkedHashMap<>();
        for (String address : inUse(listening.keySet(), meters.keySet(), present.keySet(), logs.keySet())) {
            Line known = reloaded ? null : lines.get(address);
            Policy policy = known == null ? TrafficReport.policyOf(inForce, address) : known.policy;
            TrafficRow row = row(
                    address,
                    meters.get(address),
                    listening.get(address),
                    taken.getOrDefault(address, 0L),
                    seconds,
                    logs.get(address),
                    present.getOrDefault(address, 0),
                    policy);
            next.put(address, known == null ? new Line(row, policy, round) : known.is(row, round));
        }
        lines.keySet().stream()
                .filter(address -> !next.containsKey(address))
                .forEach(address -> gone.put(address, round));
        gone.keySet().removeAll(next.keySet());
        lines = next;
        takenBefore = taken;
    }

    @SafeVarargs
    private static Set<String> inUse(Set<String>... all) {
        Set<String> addresses = new LinkedHashSet<>();
        for (Set<String> some : all) {
            for (String each : some) {
                if (addresses.size() < MOST_ROWS) {
                    addresses.add(each);
                }
            }
        }
        return addresses;
    }

    private Map<String, Long> taken() {
        Map<String, Long> taken = new HashMap<>();
        for (BusCensus.Entry each : of.consumers().entries()) {
            String deployment = each.deployment();
            if (deployment == null || !of.edge().test(deployment)) {
                taken.merge(each.address(), each.delivered(), Long::sum);
            }
        }
        return taken;
    }

    private TrafficRow row(
            String address,
            Traffic.@Nullable Meter meter,
            @Nullable SortedMap<String, Listeners> nodes,
            long taken,
            double seconds,
            @Nullable Head kept,
            int present,
            @Nullable Policy policy) {
        Listeners here = nodes == null ? NOBODY : nodes.values().iterator().next();
        long before = takenBefore.getOrDefault(address, taken);
        return new TrafficRow(
                address,
                meter == null ? 0 : meter.in(),
                meter == null ? 0 : meter.out(),
                taken,
                meter == null ? 0 : TrafficRow.tenths(meter.inRate()),
                meter == null ? 0 : TrafficRow.tenths(meter.outRate()),
                TrafficRow.tenths(Math.max(0, taken - before) / seconds),
                here.bridge(),
                here.sse(),
                here.verticles(),
                kept,
                present,
                policy == null ? null : policy.match().toString());
    }

    /** Adds what changed since a round and what was not told yet, not too much at once; what was told longest ago comes first. */
    void tell(JsonObject news, long since, long round) {
        JsonArray told = new JsonArray();
        lines.values().stream()
                .filter(line -> line.changed >= since || line.changed > line.told)
                .sorted(Comparator.comparingLong(line -> line.told))
                .limit(MOST_TOLD)
                .forEach(line -> {
                    line.told = round;
                    told.add(line.row.toJson());
                });
        if (!told.isEmpty()) {
            news.put("addresses", told);
        }
        gone.values().removeIf(went -> went < since);
        if (!gone.isEmpty()) {
            news.put("gone", new JsonArray(List.copyOf(gone.keySet())));
        }
    }

    /** Adds all of them. */
    void put(JsonObject whole) {
        JsonArray all = new JsonArray();
        lines.values().forEach(line -> all.add(line.row.toJson()));
        whole.put("addresses", all);
    }
}
