package dev.weir.node;

import com.hazelcast.config.Config;
import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cluster manager, which also remembers what this node has registered, so that the audit can compare it with what stands
 * in the cluster. Thread-safe.
 */
final class OwnRegistrations extends HazelcastClusterManager {
    private final Map<String, Set<RegistrationInfo>> own = new ConcurrentHashMap<>();

    OwnRegistrations(Config config) {
        super(config);
    }

    /** What this node has registered for the whole cluster, by address. */
    Map<String, Set<RegistrationInfo>> own() {
        return own;
    }

    /** Whether the node still has the registration. */
    boolean has(String address, RegistrationInfo registration) {
        return own.getOrDefault(address, Set.of()).contains(registration);
    }

    @Override
    public void addRegistration(String address, RegistrationInfo registration, Completable<Void> promise) {
        if (!registration.localOnly()) {
            super.addRegistration(address, registration, (done, failure) -> {
                if (failure == null) {
                    remember(address, registration);
                }
                promise.complete(null, failure);
            });
        } else {
            super.addRegistration(address, registration, promise);
        }
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo registration, Completable<Void> promise) {
        own.computeIfPresent(address, (key, known) -> {
            known.remove(registration);
            return known.isEmpty() ? null : known;
        });
        super.removeRegistration(address, registration, promise);
    }

    private void remember(String address, RegistrationInfo registration) {
        own.compute(address, (key, known) -> {
            Set<RegistrationInfo> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(registration);
            return all;
        });
    }
}
