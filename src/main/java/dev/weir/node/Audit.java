package dev.weir.node;

import com.hazelcast.multimap.MultiMap;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what stands in the cluster with what this node has registered and with what it believes of the others, and mends
 * both: Vert.x is known to lose registrations when nodes die together or a cluster merges. Blocking; one at a time.
 */
final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final String SUBSCRIPTIONS = "__vertx.subs";

    private final String self;
    private final NodeClusterManager manager;
    private final RemoteInterest interest;
    private final LongAdder repairs;
    private final Departures.Finding departures;

    /** @param repairs counts what had been lost; what a node leaves behind when it goes is not lost */
    Audit(
            String self,
            NodeClusterManager manager,
            RemoteInterest interest,
            LongAdder repairs,
            Departures.Finding departures) {
        this.departures = departures;
        this.self = self;
        this.manager = manager;
        this.interest = interest;
        this.repairs = repairs;
    }

    /** Follows the registrations from now on. */
    void listen() {
        subscriptions().addEntryListener(interest, true);
    }

    /** Looks at everything once. */
    void run() {
        interest.auditBegins();
        List<Map.Entry<String, RegistrationInfo>> standing = new ArrayList<>();
        subscriptions()
                .entrySet()
                .forEach(e -> standing.add(Map.entry(e.getKey(), e.getValue().unwrap())));
        dropDeparted(standing, new HashSet<>(manager.getNodes()));
        int restored = restoreOwn(standing);
        int corrected = interest.audited(standing);
        if (restored + corrected > 0) {
            repairs.add(restored + corrected);
            LOG.debug("an audit put {} registrations back and corrected {} of other nodes", restored, corrected);
        }
    }

    /** Removes what nodes that are gone left behind, also from the list. */
    private void dropDeparted(List<Map.Entry<String, RegistrationInfo>> standing, Set<String> members) {
        List<Map.Entry<String, RegistrationInfo>> gone = standing.stream()
                .filter(entry -> !members.contains(entry.getValue().nodeId()))
                .toList();
        for (Map.Entry<String, RegistrationInfo> entry : gone) {
            // Another node's audit may have been faster; what matters is that it does not stand any more.
            HazelcastRegistrationInfo value = new HazelcastRegistrationInfo(entry.getValue());
            boolean removed = subscriptions().remove(entry.getKey(), value)
                    || !subscriptions().containsEntry(entry.getKey(), value);
            departures.found(entry.getValue().nodeId(), entry.getKey(), removed);
        }
        standing.removeAll(gone);
    }

    /** Puts back what this node registered and the cluster lost. */
    private int restoreOwn(List<Map.Entry<String, RegistrationInfo>> standing) {
        Set<Map.Entry<String, RegistrationInfo>> here = new HashSet<>();
        standing.stream()
                .filter(entry -> entry.getValue().nodeId().equals(self))
                .forEach(here::add);
        int restored = 0;
        for (Map.Entry<String, Set<RegistrationInfo>> own : manager.own().entrySet()) {
            for (RegistrationInfo registration : own.getValue()) {
                boolean lost = !here.contains(Map.entry(own.getKey(), registration));
                restored += lost && restore(own.getKey(), registration) ? 1 : 0;
            }
        }
        return restored;
    }

    private boolean restore(String address, RegistrationInfo registration) {
        HazelcastRegistrationInfo value = new HazelcastRegistrationInfo(registration);
        boolean put = manager.has(address, registration)
                && !manager.isWriting(address, registration)
                && subscriptions().put(address, value);
        if (put && !manager.has(address, registration)) {
            // It was unregistered meanwhile.
            subscriptions().remove(address, value);
        }
        return put;
    }

    private MultiMap<String, HazelcastRegistrationInfo> subscriptions() {
        return manager.getHazelcastInstance().getMultiMap(SUBSCRIPTIONS);
    }
}
