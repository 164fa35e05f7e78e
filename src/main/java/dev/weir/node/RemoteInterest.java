package dev.weir.node;

import com.hazelcast.core.EntryAdapter;
import com.hazelcast.core.EntryEvent;
import dev.weir.bus.Addresses;
import dev.weir.bus.Interest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who listens on other nodes. Kept up out of the events of the subscriptions, on Hazelcast's threads, and out of what other
 * nodes announce; corrected by the audit; asked by every event loop. Answers out of memory, thread-safe.
 */
final class RemoteInterest extends EntryAdapter<String, HazelcastRegistrationInfo> implements Interest {
    private record Mend(String address, RegistrationInfo registration) {}

    private final String self;
    private final Consumer<String> changes;
    private final BiConsumer<String, RegistrationInfo> lost;
    private final Map<String, Set<RegistrationInfo>> remote = new ConcurrentHashMap<>();
    /** What events said since an audit began: newer than what the audit has read. */
    private final Map<String, Set<RegistrationInfo>> changed = new ConcurrentHashMap<>();
    /** What the last audit corrected and no event has told since: an event that comes was merely late. */
    private final Set<Mend> mended = ConcurrentHashMap.newKeySet();

    private boolean learned;

    /**
     * @param changes told of each address whose listeners changed, on any thread
     * @param lost told that a registration of this node was taken out of the cluster, perhaps not by itself; on any thread
     */
    RemoteInterest(String self, Consumer<String> changes, BiConsumer<String, RegistrationInfo> lost) {
        this.self = self;
        this.changes = changes;
        this.lost = lost;
    }

    @Override
    public boolean elsewhere(String address) {
        return remote.containsKey(address);
    }

    /** The registrations of other nodes. */
    Set<RegistrationInfo> of(String address) {
        return remote.getOrDefault(address, Set.of());
    }

    /** How many consumers one other member has, by address; of one address when it is given. */
    JsonObject consumersOf(String member, @Nullable String only) {
        JsonObject counts = new JsonObject();
        remote.forEach((busAddress, registrations) -> {
            String address = Addresses.shown(busAddress);
            if (address != null && (only == null || only.equals(address))) {
                long own = registrations.stream()
                        .filter(registration -> registration.nodeId().equals(member))
                        .count();
                if (own > 0) {
                    counts.put(address, (int) own);
                }
            }
        });
        return counts;
    }

    /** Another node says that it has registered; its event may still be on the way. */
    void learn(String address, RegistrationInfo registration) {
        change(address, registration, true);
    }

    /** The listeners of this node itself changed. */
    void changedHere(String address) {
        changes.accept(address);
    }

    /** A node has left. */
    void gone(String node) {
        for (String address : Set.copyOf(remote.keySet())) {
            of(address).stream()
                    .filter(registration -> registration.nodeId().equals(node))
                    .forEach(registration -> change(address, registration, false));
        }
    }

    @Override
    public void entryAdded(EntryEvent<String, HazelcastRegistrationInfo> event) {
        told(event.getKey(), event.getValue(), true);
    }

    @Override
    public void entryRemoved(EntryEvent<String, HazelcastRegistrationInfo> event) {
        told(event.getKey(), event.getOldValue(), false);
    }

    private void told(String address, @Nullable HazelcastRegistrationInfo value, boolean added) {
        if (value == null) {
            return;
        }
        if (!value.unwrap().nodeId().equals(self)) {
            mended.remove(new Mend(address, value.unwrap()));
            change(address, value.unwrap(), added);
        } else if (!added) {
            lost.accept(address, value.unwrap());
        }
    }

    private void change(String address, RegistrationInfo registration, boolean added) {
        boolean[] now = new boolean[1];
        remote.compute(address, (key, known) -> {
            changed.computeIfAbsent(address, none -> ConcurrentHashMap.newKeySet())
                    .add(registration);
            Set<RegistrationInfo> after = known == null ? new HashSet<>() : new HashSet<>(known);
            now[0] = added ? after.add(registration) : after.remove(registration);
            return after.isEmpty() ? null : now[0] ? Set.copyOf(after) : known;
        });
        if (now[0]) {
            changes.accept(address);
        }
    }

    /** An audit begins to read. One at a time. */
    void auditBegins() {
        changed.clear();
    }

    /**
     * Takes over what the audit has read, except where an event said something newer.
     *
     * @return how much the audit before had to correct that no event has told since; the first audit learns and corrects nothing
     */
    int audited(Collection<? extends Map.Entry<String, RegistrationInfo>> entries) {
        Map<String, Set<RegistrationInfo>> read = new HashMap<>();
        for (Map.Entry<String, RegistrationInfo> entry : entries) {
            if (!entry.getValue().nodeId().equals(self)) {
                read.computeIfAbsent(entry.getKey(), key -> new HashSet<>()).add(entry.getValue());
            }
        }
        int confirmed = mended.size();
        mended.clear();
        Set<String> addresses = new HashSet<>(remote.keySet());
        addresses.addAll(read.keySet());
        addresses.forEach(address -> correct(address, read.getOrDefault(address, Set.of())));
        if (!learned) {
            learned = true;
            mended.clear();
        }
        return confirmed;
    }

    private void correct(String address, Set<RegistrationInfo> read) {
        Set<RegistrationInfo> wrong = new HashSet<>();
        remote.compute(address, (key, known) -> {
            Set<RegistrationInfo> before = known == null ? Set.of() : known;
            Set<RegistrationInfo> newer = changed.getOrDefault(address, Set.of());
            Set<RegistrationInfo> after = new HashSet<>(read);
            after.removeAll(newer);
            before.stream().filter(newer::contains).forEach(after::add);
            before.stream().filter(each -> !after.contains(each)).forEach(wrong::add);
            after.stream().filter(each -> !before.contains(each)).forEach(wrong::add);
            wrong.forEach(each -> mended.add(new Mend(address, each)));
            return after.isEmpty() ? null : Set.copyOf(after);
        });
        if (!wrong.isEmpty()) {
            changes.accept(address);
        }
    }
}
