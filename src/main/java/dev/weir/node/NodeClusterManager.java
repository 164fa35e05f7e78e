package dev.weir.node;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The cluster manager. It remembers what this node has registered, so that the audit can compare it with what stands in the
 * cluster; and once it knows what the others have, it answers Vert.x out of memory who listens: publishing and sending never
 * read Hazelcast, and a member that hangs stalls nobody. Thread-safe.
 */
final class NodeClusterManager extends HazelcastClusterManager {
    /** Called for each registration of this node, before whoever made it is told so. */
    @FunctionalInterface
    interface Announcer {
        /** @param told completed when everybody may be expected to know */
        void announce(String address, RegistrationInfo registration, Completable<Void> told);
    }

    private record Write(String address, RegistrationInfo registration) {}

    private static final RegistrationListener NOBODY = new RegistrationListener() {};

    private final BusPort busPort;
    private final Map<String, Set<RegistrationInfo>> own = new ConcurrentHashMap<>();
    private final Set<Write> writing = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<RegistrationInfo>> localOnly = new ConcurrentHashMap<>();
    private final Map<String, NodeInfo> nodeInfos = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable RemoteInterest> others = new AtomicReference<>();
    private final AtomicReference<RegistrationListener> selector = new AtomicReference<>(NOBODY);
    private final AtomicReference<Announcer> announcer =
            new AtomicReference<>((address, registration, told) -> told.succeed(null));

    /** @param busPort given up for the event bus once the node has joined */
    NodeClusterManager(Config config, BusPort busPort) {
        super(config);
        this.busPort = busPort;
    }

    @Override
    public void join(Completable<Void> promise) {
        super.join((done, failure) -> {
            busPort.release();
            promise.complete(null, failure);
        });
    }

    /** What this node has registered for the whole cluster, by address. */
    Map<String, Set<RegistrationInfo>> own() {
        return own;
    }

    /** Whether the node still has the registration. */
    boolean has(String address, RegistrationInfo registration) {
        return own.getOrDefault(address, Set.of()).contains(registration);
    }

    /** From now on memory answers who listens. */
    void answerFrom(RemoteInterest complete, Announcer announcing) {
        others.set(complete);
        announcer.set(announcing);
    }

    /** Tells Vert.x who listens now. Always from the same thread, so that what is newer comes later. */
    void refresh(String address) {
        RegistrationListener vertx = Objects.requireNonNull(selector.get(), "never null");
        RemoteInterest known = others.get();
        if (known != null && vertx.wantsUpdatesFor(address)) {
            vertx.registrationsUpdated(new RegistrationUpdateEvent(address, listeners(known, address)));
        }
    }

    private List<RegistrationInfo> listeners(RemoteInterest known, String address) {
        List<RegistrationInfo> all = new ArrayList<>(known.of(address));
        all.addAll(own.getOrDefault(address, Set.of()));
        all.addAll(localOnly.getOrDefault(address, Set.of()));
        return all;
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
        RemoteInterest known = others.get();
        if (known == null) {
            super.getRegistrations(address, promise);
        } else {
            promise.succeed(listeners(known, address));
        }
    }

    /** Vert.x reads the registrations of an address again after each change; not when memory answers. */
    @Override
    public void registrationListener(RegistrationListener vertx) {
        selector.set(vertx);
        super.registrationListener(new RegistrationListener() {
            @Override
            public void registrationsUpdated(RegistrationUpdateEvent event) {
                if (others.get() == null) {
                    vertx.registrationsUpdated(event);
                }
            }

            @Override
            public void registrationsLost() {
                vertx.registrationsLost();
            }

            @Override
            public boolean wantsUpdatesFor(String address) {
                return others.get() == null && vertx.wantsUpdatesFor(address);
            }
        });
    }

    @Override
    public void addRegistration(String address, RegistrationInfo registration, Completable<Void> promise) {
        if (registration.localOnly()) {
            remember(localOnly, address, registration);
            changed(address);
            super.addRegistration(address, registration, promise);
            return;
        }
        if (others.get() == null) {
            super.addRegistration(address, registration, (done, failure) -> {
                if (failure == null) {
                    remember(own, address, registration);
                }
                promise.complete(null, failure);
            });
            return;
        }
        // Every node hears it directly; the cluster's memory of it may have to wait for a member that hangs.
        Write write = new Write(address, registration);
        writing.add(write);
        remember(own, address, registration);
        super.addRegistration(address, registration, (done, failure) -> writing.remove(write));
        Objects.requireNonNull(announcer.get(), "never null").announce(address, registration, promise);
    }

    /** Whether Hazelcast has not yet answered whether it keeps the registration; when it did not, the audit sees to it. */
    boolean isWriting(String address, RegistrationInfo registration) {
        return writing.contains(new Write(address, registration));
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo registration, Completable<Void> promise) {
        (registration.localOnly() ? localOnly : own).computeIfPresent(address, (key, known) -> {
            known.remove(registration);
            return known.isEmpty() ? null : known;
        });
        changed(address);
        super.removeRegistration(address, registration, promise);
    }

    private void changed(String address) {
        RemoteInterest known = others.get();
        if (known != null) {
            known.changedHere(address);
        }
    }

    private static void remember(
            Map<String, Set<RegistrationInfo>> where, String address, RegistrationInfo registration) {
        where.compute(address, (key, known) -> {
            Set<RegistrationInfo> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(registration);
            return all;
        });
    }

    /** Where a node listens never changes, and a bus that connects again must not wait for a member that hangs. */
    @Override
    public void getNodeInfo(String nodeId, Completable<NodeInfo> promise) {
        NodeInfo known = nodeInfos.get(nodeId);
        if (known != null) {
            promise.succeed(known);
            return;
        }
        super.getNodeInfo(nodeId, (read, failure) -> {
            if (failure == null) {
                nodeInfos.put(nodeId, read);
            }
            promise.complete(read, failure);
        });
    }

    @Override
    public synchronized void memberRemoved(MembershipEvent event) {
        String gone = event.getMember().getAttribute(HazelcastCluster.NODE_ID);
        if (gone != null) {
            // At once: what follows may wait for partitions that the member had.
            nodeInfos.remove(gone);
            RemoteInterest known = others.get();
            if (known != null) {
                known.gone(gone);
            }
        }
        super.memberRemoved(event);
    }
}
