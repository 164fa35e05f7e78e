package dev.weir.observe;

import dev.weir.bus.BusCensus;
import dev.weir.bus.ListenerCounts;
import dev.weir.bus.VerticleState;
import dev.weir.observe.Leak.What;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who listens to what at one moment, the sessions of the edges left out.
 *
 * @param byDeployment consumers of the bus and listeners of emitters by verticle id (empty for code outside any) and address
 */
record ListenerLook(Map<String, SortedMap<String, Heard>> byDeployment) {
    /**
     * What one verticle has on one address.
     *
     * @param consumers of the bus
     * @param listeners of emitters, beyond the one that each consumer stands for
     * @param delivered messages that the consumers were given
     */
    record Heard(int consumers, int listeners, long delivered) {
        Heard plus(Heard more) {
            return new Heard(consumers + more.consumers, listeners + more.listeners, delivered + more.delivered);
        }

        int all() {
            return consumers + listeners;
        }
    }

    static ListenerLook at(VerticleSources of) {
        Map<String, SortedMap<String, Heard>> found = new HashMap<>();
        for (BusCensus.Entry each : of.consumers().entries()) {
            String deployment = each.deployment() == null ? "" : each.deployment();
            if (!of.edge().test(deployment)) {
                add(found, deployment, each.address(), new Heard(each.consumers(), 0, each.delivered()));
            }
        }
        Map<ListenerCounts.Place, Integer> listeners =
                of.listeners().of(of.deployed().get());
        listeners.forEach((place, count) -> add(found, place.deployment(), place.address(), new Heard(0, count, 0)));
        return new ListenerLook(found);
    }

    private static void add(
            Map<String, SortedMap<String, Heard>> found, String deployment, String address, Heard heard) {
        found.computeIfAbsent(deployment, first -> new TreeMap<>()).merge(address, heard, Heard::plus);
    }

    /** What a verticle listens to. */
    SortedMap<String, Heard> of(VerticleState verticle) {
        SortedMap<String, Heard> all = new TreeMap<>();
        for (String deployment : verticle.deployments()) {
            byDeployment
                    .getOrDefault(deployment, new TreeMap<>())
                    .forEach((address, heard) -> all.merge(address, heard, Heard::plus));
        }
        return all;
    }

    /** What is watched for leaks. */
    Map<LeakWatch.Key, Integer> counts(List<VerticleState> verticles) {
        Map<LeakWatch.Key, Integer> counts = new HashMap<>();
        byDeployment
                .values()
                .forEach(addresses -> addresses.forEach((address, heard) ->
                        counts.merge(new LeakWatch.Key(What.ADDRESS, address), heard.all(), Integer::sum)));
        Set<String> seen = new HashSet<>();
        for (VerticleState each : verticles) {
            if (seen.add(each.name())) {
                SortedMap<String, Heard> heard = of(each);
                counts.put(new LeakWatch.Key(What.VERTICLE, each.name()), heard.size());
                counts.put(
                        new LeakWatch.Key(What.TOTAL, each.name()),
                        heard.values().stream().mapToInt(Heard::all).sum());
            }
        }
        return counts;
    }
}
