package dev.weir.node;

import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import dev.weir.bus.Addresses;
import dev.weir.bus.Departed;
import dev.weir.bus.FailureText;
import dev.weir.config.LoadedConfig;
import dev.weir.observe.Health;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.ClusterManager;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
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
    private static final int STOP_SECONDS = 4;

    /** Where Vert.x leaves a node's id in Hazelcast. */
    static final String NODE_ID = "__vertx.nodeId";

    private final BusPort busPort;
    private final NodeClusterManager manager;
    private final LongAdder repairs = new LongAdder();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final AtomicReference<@Nullable RemoteInterest> others = new AtomicReference<>();
    private final Departures departures = new Departures();
    private final AtomicBoolean auditWaits = new AtomicBoolean();

    /** Takes the event bus's port. */
    HazelcastCluster(LoadedConfig loaded) {
        Config hazelcast = ClusterSettings.hazelcast(loaded);
        this.busPort = ClusterSettings.busPort(loaded.config().cluster());
        this.manager = new NodeClusterManager(hazelcast, busPort);
    }

    /** Where the event bus listens. */
    int busPort() {
        return busPort.number();
    }

    /** What Vert.x clusters with. */
    ClusterManager manager() {
        return manager;
    }

    @Override
    public List<String> ids(String self) {
        return manager.isActive() ? manager.getNodes() : List.of(self);
    }

    /** A member that is none, such as a verticle of one's own, has no agent. */
    @Override
    public List<String> nodes(String self) {
        RemoteInterest known = others.get();
        List<String> all = ids(self);
        return known == null
                ? all
                : all.stream()
                        .filter(id -> id.equals(self) || known.elsewhere(Addresses.AGENT_PREFIX + id))
                        .toList();
    }

    @Override
    public JsonObject consumersOf(String member, @Nullable String address) {
        RemoteInterest known = others.get();
        return known == null ? new JsonObject() : known.consumersOf(member, address);
    }

    @Override
    public List<Departed> departed() {
        return departures.list();
    }

    @Override
    public Future<Void> watch(Node node, NodeAgent agent, Health health, MeterRegistry meters) {
        Context context = node.vertx().getOrCreateContext();
        AtomicReference<Runnable> inspection = new AtomicReference<>(() -> {});
        RemoteInterest interest = new RemoteInterest(
                node.id(),
                address -> context.runOnContext(changed -> manager.refresh(address)),
                (address, registration) -> {
                    if (manager.has(address, registration)) {
                        Objects.requireNonNull(inspection.get(), "never null").run();
                    }
                });
        others.set(interest);
        PolicyAgreement agreement = new PolicyAgreement(node, agent, () -> ids(node.id()));
        Announcements announcements = new Announcements(context, node.id(), agent, manager);
        Audit audit = new Audit(node.id(), manager, interest, repairs, departures.at(node.clock()));
        inspection.set(() -> context.runOnContext(asked -> inspect(context, audit, agreement)));
        announcements.hear(node.answers(), interest);
        health.check("policies", agreement::reason);
        meters(meters);
        return context.<Void>executeBlocking(() -> {
                    audit.listen();
                    follow(node, context, inspection, interest);
                    watchForStalls(node);
                    audit.run();
                    return null;
                })
                .compose(audited -> {
                    manager.answerFrom(interest, announcements);
                    node.publisher().interest(interest);
                    node.timers().every(PERIOD, () -> inspect(context, audit, agreement));
                    Promise<Void> told = Promise.promise();
                    announcements.announceAll(manager.own(), told);
                    return told.future();
                })
                .compose(told -> agreement.compare());
    }

    private void watchForStalls(Node node) {
        StallWatch.start(
                node.clock(),
                ClusterSettings.givenUpAfter(manager.getConfig()),
                manager::isActive,
                () -> ids(node.id()).size() > 1,
                stood -> restart(node, "it stood still for " + stood.toSeconds() + " s"));
    }

    private void meters(MeterRegistry meters) {
        FunctionCounter.builder("weir_cluster_repairs", repairs, LongAdder::doubleValue)
                .description("Registrations that an audit put back, and wrong beliefs about those of other nodes")
                .register(meters);
        Gauge.builder(
                        "weir_cluster_nodes",
                        manager,
                        m -> m.isActive() ? m.getNodes().size() : 0)
                .description("Nodes of the cluster")
                .register(meters);
    }

    private void follow(Node node, Context context, AtomicReference<Runnable> inspection, RemoteInterest interest) {
        HazelcastInstance hazelcast = manager.getHazelcastInstance();
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
                String id = event.getMember().getAttribute(NODE_ID);
                LOG.info("node {} {} the cluster", id, what);
                Objects.requireNonNull(inspection.get(), "never null").run();
                if (id != null && isOldest(node, interest)) {
                    context.runOnContext(then -> NodeEvents.publish(node, what, id));
                }
            }
        });
        hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
                restart(node, "it was cut off from the cluster and merged again");
            }
        });
    }

    /** Whether no member that joined before is a node; one that is none, such as a verticle of one's own, has no agent. */
    private boolean isOldest(Node node, RemoteInterest interest) {
        for (String id : ids(node.id())) {
            if (id.equals(node.id())) {
                return true;
            }
            if (interest.elsewhere(Addresses.AGENT_PREFIX + id)) {
                return false;
            }
        }
        return false;
    }

    /** Audits, unless an audit that has not begun yet will see the same. */
    private void inspect(Context context, Audit audit, PolicyAgreement agreement) {
        if (!manager.isActive() || !auditWaits.compareAndSet(false, true)) {
            return;
        }
        context.<Void>executeBlocking(() -> {
                    auditWaits.set(false);
                    audit.run();
                    return null;
                })
                .compose(audited -> agreement.compare())
                .onFailure(failure -> LOG.warn("the cluster could not be audited: {}", FailureText.of(failure)));
    }

    /** A node that the others have lost does not repair itself: its sessions reconnect and it is started anew. */
    private void restart(Node node, String why) {
        if (leaving.compareAndSet(false, true)) {
            LOG.error("this node is to be started again, since {}: it stops with code {}", why, RESTART);
            Thread exit = new Thread(() -> stop(node), "weir-restart");
            exit.setDaemon(true);
            exit.start();
        }
    }

    private static void stop(Node node) {
        try {
            node.vertx().close().await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            LOG.warn("this node could not leave in {} s", STOP_SECONDS);
        } finally {
            Runtime.getRuntime().halt(RESTART);
        }
    }
}
