package dev.weir.node;

import com.hazelcast.core.EntryAdapter;
import com.hazelcast.core.EntryEvent;
import dev.weir.bus.Interest;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses have listeners on other nodes. Kept up by Hazelcast's threads out of the events of the subscriptions,
 * corrected by the audit, asked by every event loop. Answers out of memory.
 */
final class RemoteInterest extends EntryAdapter<String, HazelcastRegistrationInfo> implements Interest {
    private final String self;
    private final Map<String, Set<RegistrationInfo>> remote = new ConcurrentHashMap<>();
    /** What events said since an audit began: newer than what the audit has read. */
    private final Map<String, Set<RegistrationInfo>> changed = new ConcurrentHashMap<>();

    RemoteInterest(String self) {
        this.self = self;
    }

    @Override
    public boolean elsewhere(String address) {
        return remote.containsKey(address);
    }

    @Override
    public void entryAdded(EntryEvent<String, HazelcastRegistrationInfo> event) {
        change(event.getKey(), event.getValue(), true);
    }

    @Override
    public void entryRemoved(EntryEvent<String, HazelcastRegistrationInfo> event) {
        change(event.getKey(), event.getOldValue(), false);
    }

    /** An audit begins to read. One at a time. */
    void auditBegins() {
        changed.clear();
    }

    /**
     * Takes over what the audit has read, except where an event said something newer.
     *
     * @return how many addresses had to be corrected
     */
    int audited(Collection<? extends Map.Entry<String, RegistrationInfo>> entries) {
        Map<String, Set<RegistrationInfo>> read = new HashMap<>();
        for (Map.Entry<String, RegistrationInfo> entry : entries) {
            if (!entry.getValue().nodeId().equals(self)) {
                read.computeIfAbsent(entry.getKey(), key -> new HashSet<>()).add(entry.getValue());
            }
        }
        Set<String> addresses = new HashSet<>(remote.keySet());
        addresses.addAll(read.keySet());
        int corrected = 0;
        for (String address : addresses) {
            corrected += correct(address, read.getOrDefault(address, Set.of())) ? 1 : 0;
        }
        return corrected;
    }

    private boolean correct(String address, Set<RegistrationInfo> read) {
        boolean[] wrong = new boolean[1];
        remote.compute(address, (key, known) -> {
            Set<RegistrationInfo> before = known == null ? Set.of() : known;
            Set<RegistrationInfo> newer = changed.getOrDefault(address, Set.of());
            Set<RegistrationInfo> after = new HashSet<>(read);
            after.removeAll(newer);
            before.stream().filter(newer::contains).forEach(after::add);
            wrong[0] = !after.equals(before);
            return after.isEmpty() ? null : Set.copyOf(after);
        });
        return wrong[0];
    }

    private void change(String address, @Nullable HazelcastRegistrationInfo value, boolean added) {
        if (value == null || value.unwrap().nodeId().equals(self)) {
            return;
        }
        RegistrationInfo registration = value.unwrap();
        remote.compute(address, (key, known) -> {
            changed.computeIfAbsent(address, none -> ConcurrentHashMap.newKeySet())
                    .add(registration);
            Set<RegistrationInfo> after = known == null ? new HashSet<>() : new HashSet<>(known);
            boolean now = added ? after.add(registration) : after.remove(registration);
            return after.isEmpty() ? null : now ? Set.copyOf(after) : known;
        });
    }
}
