package dev.weir.node;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.EntryListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.map.MapEvent;
import com.hazelcast.multimap.MultiMap;
import dev.weir.bus.Interest;
import io.vertx.core.Vertx;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster as a node sees it: who is in it, and where anybody listens. Interest is kept up by events of Vert.x's subscription
 * map and read anew after every membership change and every 30 s, because Vert.x is known to lose entries when a partition heals
 * or two nodes die at once. Called by Hazelcast's threads; asked by event loops without blocking.
 */
final class HazelcastCluster implements ClusterMembers, Interest {
    /** Asks the scripts to start the node again. */
    static final int EXIT_RESTART = 75;

    private static final Logger LOG = LoggerFactory.getLogger(HazelcastCluster.class);
    private static final String SUBSCRIPTIONS = "__vertx.subs";
    private static final Duration AUDIT = Duration.ofSeconds(30);
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private final HazelcastClusterManager manager;
    private final Map<String, Integer> elsewhere = new ConcurrentHashMap<>();
    private final AtomicBoolean auditing = new AtomicBoolean();
    private final LongAdder repairs = new LongAdder();

    HazelcastCluster(HazelcastClusterManager manager) {
        this.manager = manager;
    }

    @Override
    public List<String> ids(String self) {
        return manager.getNodes();
    }

    @Override
    public boolean elsewhere(String address) {
        return elsewhere.containsKey(address);
    }

    /** Subscriptions that were lost and put back, or belonged to nodes that had left. */
    long repairs() {
        return repairs.sum();
    }

    @Override
    public void watch(Node node) {
        HazelcastInstance hazelcast = manager.getHazelcastInstance();
        hazelcast
                .<String, HazelcastRegistrationInfo>getMultiMap(SUBSCRIPTIONS)
                .addEntryListener(new Subscriptions(node.id()), true);
        hazelcast.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                LOG.info("node {} joined", event.getMember().getUuid());
                auditLater(node);
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                LOG.warn("node {} left", event.getMember().getUuid());
                auditLater(node);
            }
        });
        hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.MERGED) {
                restart(node.vertx());
            }
        });
        node.publisher().interest(this);
        node.timers().every(AUDIT, () -> audit(node));
        audit(node);
    }

    /** A node that was merged into the larger part of a split cluster does not repair itself: it starts anew. */
    private static void restart(Vertx vertx) {
        LOG.error("this node was merged back after the cluster had split; sessions reconnect and the node restarts");
        vertx.close().onComplete(closed -> Runtime.getRuntime().halt(EXIT_RESTART));
    }

    private void auditLater(Node node) {
        node.vertx().runOnContext(now -> node.timers().after(SETTLE, () -> audit(node)));
    }

    private void audit(Node node) {
        if (!auditing.compareAndSet(false, true)) {
            return;
        }
        node.vertx()
                .executeBlocking(() -> {
                    recount(node.id());
                    return null;
                })
                .onComplete(done -> {
                    auditing.set(false);
                    if (done.failed()) {
                        LOG.warn("the audit of subscriptions failed, it runs again in {}", AUDIT, done.cause());
                    }
                });
    }

    private void recount(String self) {
        MultiMap<String, HazelcastRegistrationInfo> map =
                manager.getHazelcastInstance().getMultiMap(SUBSCRIPTIONS);
        Set<String> present = new HashSet<>(manager.getNodes());
        Map<String, Integer> counted = new HashMap<>();
        for (Map.Entry<String, HazelcastRegistrationInfo> entry : map.entrySet()) {
            String owner = entry.getValue().unwrap().nodeId();
            if (!present.contains(owner)) {
                map.remove(entry.getKey(), entry.getValue());
                repairs.increment();
            } else if (!owner.equals(self)) {
                counted.merge(entry.getKey(), 1, Integer::sum);
            }
        }
        elsewhere.putAll(counted);
        elsewhere.keySet().retainAll(counted.keySet());
    }

    /** Follows the subscription map. */
    private final class Subscriptions implements EntryListener<String, HazelcastRegistrationInfo> {
        private final String self;

        Subscriptions(String self) {
            this.self = self;
        }

        @Override
        public void entryAdded(EntryEvent<String, HazelcastRegistrationInfo> event) {
            if (!event.getValue().unwrap().nodeId().equals(self)) {
                elsewhere.merge(event.getKey(), 1, Integer::sum);
            }
        }

        @Override
        public void entryRemoved(EntryEvent<String, HazelcastRegistrationInfo> event) {
            HazelcastRegistrationInfo gone = event.getOldValue();
            if (gone != null && !gone.unwrap().nodeId().equals(self)) {
                elsewhere.computeIfPresent(event.getKey(), (address, count) -> count > 1 ? count - 1 : null);
            }
        }

        @Override
        public void entryUpdated(EntryEvent<String, HazelcastRegistrationInfo> event) {
            // A set of registrations is added to and removed from, never updated.
        }

        @Override
        public void entryEvicted(EntryEvent<String, HazelcastRegistrationInfo> event) {
            entryRemoved(event);
        }

        @Override
        public void entryExpired(EntryEvent<String, HazelcastRegistrationInfo> event) {
            entryRemoved(event);
        }

        @Override
        public void mapCleared(MapEvent event) {
            elsewhere.clear();
        }

        @Override
        public void mapEvicted(MapEvent event) {
            elsewhere.clear();
        }
    }
}
