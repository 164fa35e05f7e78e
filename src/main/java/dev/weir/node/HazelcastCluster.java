package dev.weir.node;

import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.multimap.MultiMap;
import dev.weir.config.LoadedConfig;
import dev.weir.observe.Health;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's place in the cluster: who else is there, who listens where, and an audit that repairs what Vert.x is known to lose
 * when nodes die. Audits run one after another off the event loops, after every change of the members and every 30 s.
 */
final class HazelcastCluster implements ClusterMembers {
    /** Exit code of a node that asks to be started again. */
    static final int RESTART = 75;

    private static final Logger LOG = LoggerFactory.getLogger(HazelcastCluster.class);
    private static final Duration PERIOD = Duration.ofSeconds(30);
    private static final String SUBSCRIPTIONS = "__vertx.subs";

    private final OwnRegistrations manager;
    private final LongAdder repairs = new LongAdder();
    private final AtomicBoolean leaving = new AtomicBoolean();

    HazelcastCluster(LoadedConfig loaded) {
        this.manager = new OwnRegistrations(ClusterSettings.hazelcast(loaded));
    }

    /** What Vert.x clusters with. */
    ClusterManager manager() {
        return manager;
    }

    @Override
    public List<String> ids(String self) {
        return manager.getNodes();
    }

    @Override
    public Future<Void> watch(Node node, NodeAgent agent, Health health, MeterRegistry meters) {
        Context context = node.vertx().getOrCreateContext();
        RemoteInterest interest = new RemoteInterest(node.id());
        PolicyAgreement agreement = new PolicyAgreement(node, agent, () -> manager.getNodes());
        health.check("policies", agreement::reason);
        FunctionCounter.builder("weir_cluster_repairs", repairs, LongAdder::doubleValue)
                .description("Registrations and interests that an audit had to repair")
                .register(meters);
        Gauge.builder(
                        "weir_cluster_nodes",
                        manager,
                        m -> m.isActive() ? m.getNodes().size() : 0)
                .description("Nodes of the cluster")
                .register(meters);
        return context.<Void>executeBlocking(() -> {
                    listen(node, context, interest, agreement);
                    return null;
                })
                .compose(listening -> audit(context, node.id(), interest))
                .onSuccess(audited -> {
                    repairs.reset(); // The first audit learns, it repairs nothing.
                    node.publisher().interest(interest);
                    node.timers().every(PERIOD, () -> inspect(context, node.id(), interest, agreement));
                })
                .compose(audited -> agreement.compare());
    }

    private void listen(Node node, Context context, RemoteInterest interest, PolicyAgreement agreement) {
        HazelcastInstance hazelcast = manager.getHazelcastInstance();
        subscriptions().addEntryListener(interest, true);
        hazelcast.getCluster().addMembershipListener(new MembershipAdapter() {
            @Override
            public void memberAdded(MembershipEvent event) {
                changed("joined", event);
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                changed("left", event);
            }

            private void changed(String what, MembershipEvent event) {
                String id = event.getMember().getAttribute("__vertx.nodeId");
                LOG.info("node {} {} the cluster", id, what);
                context.runOnContext(then -> inspect(context, node.id(), interest, agreement));
                if (id != null && node.id().equals(manager.getNodes().get(0))) {
                    context.runOnContext(then -> NodeEvents.publish(node, what, id));
                }
            }
        });
        hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
                restart(node);
            }
        });
    }

    private void inspect(Context context, String self, RemoteInterest interest, PolicyAgreement agreement) {
        if (manager.isActive()) {
            audit(context, self, interest)
                    .compose(audited -> agreement.compare())
                    .onFailure(failure -> LOG.warn("the cluster could not be audited: {}", failure.toString()));
        }
    }

    private Future<Void> audit(Context context, String self, RemoteInterest interest) {
        return context.executeBlocking(() -> {
            interest.auditBegins();
            List<Map.Entry<String, RegistrationInfo>> standing = new ArrayList<>();
            subscriptions()
                    .entrySet()
                    .forEach(
                            e -> standing.add(Map.entry(e.getKey(), e.getValue().unwrap())));
            Set<String> members = new HashSet<>(manager.getNodes());
            int repaired = dropDeparted(standing, members) + restoreOwn(self, standing);
            repaired += interest.audited(standing);
            if (repaired > 0) {
                repairs.add(repaired);
                LOG.debug("an audit of the cluster repaired {} entries", repaired);
            }
            return null;
        });
    }

    /** Removes what nodes that are gone left behind, also from the list. */
    private int dropDeparted(List<Map.Entry<String, RegistrationInfo>> standing, Set<String> members) {
        List<Map.Entry<String, RegistrationInfo>> gone = standing.stream()
                .filter(entry -> !members.contains(entry.getValue().nodeId()))
                .toList();
        gone.forEach(entry -> subscriptions().remove(entry.getKey(), new HazelcastRegistrationInfo(entry.getValue())));
        standing.removeAll(gone);
        return gone.size();
    }

    /** Puts back what this node registered and the cluster lost. */
    private int restoreOwn(String self, List<Map.Entry<String, RegistrationInfo>> standing) {
        Set<Map.Entry<String, RegistrationInfo>> here = new HashSet<>();
        standing.stream()
                .filter(entry -> entry.getValue().nodeId().equals(self))
                .forEach(here::add);
        int restored = 0;
        for (Map.Entry<String, Set<RegistrationInfo>> own : manager.own().entrySet()) {
            for (RegistrationInfo registration : own.getValue()) {
                restored += !here.contains(Map.entry(own.getKey(), registration)) && restore(own.getKey(), registration)
                        ? 1
                        : 0;
            }
        }
        return restored;
    }

    private boolean restore(String address, RegistrationInfo registration) {
        HazelcastRegistrationInfo value = new HazelcastRegistrationInfo(registration);
        boolean put = manager.has(address, registration) && subscriptions().put(address, value);
        if (put && !manager.has(address, registration)) {
            // It was unregistered meanwhile.
            subscriptions().remove(address, value);
        }
        return put;
    }

    private MultiMap<String, HazelcastRegistrationInfo> subscriptions() {
        return manager.getHazelcastInstance().getMultiMap(SUBSCRIPTIONS);
    }

    /** A node that was cut off and merged does not repair itself: its sessions reconnect and it is started anew. */
    private void restart(Node node) {
        if (leaving.compareAndSet(false, true)) {
            LOG.error("this node was cut off from the cluster and merged again: it stops with code {}", RESTART);
            Thread exit = new Thread(() -> System.exit(RESTART), "weir-restart");
            exit.setDaemon(true);
            node.vertx().close().onComplete(closed -> exit.start());
        }
    }
}
