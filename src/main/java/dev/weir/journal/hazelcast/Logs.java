package dev.weir.journal.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.weir.journal.JournalException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The entries of all logs, and the locks that keep writers from getting into each other's way. Stateless. */
final class Logs {
    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);
    private static final long LOCK_MILLIS = 2_000;
    private static final long LEASE_MILLIS = 10_000;
    /** No address has a space. */
    private static final String TIDY = " tidy";

    private final IMap<String, byte[]> map;
    private final IMap<String, byte[]> locks;
    private final Calls calls;

    Logs(HazelcastInstance hazelcast, Calls calls) {
        this.map = hazelcast.getMap(RingLayout.LOGS);
        this.locks = hazelcast.getMap(RingLayout.LOCKS);
        this.calls = calls;
    }

    @Nullable
    LogEntry get(String address) throws JournalException {
        Optional<byte[]> found = raw(address);
        return found.isEmpty() ? null : LogEntry.decode(found.get());
    }

    private Optional<byte[]> raw(String address) throws JournalException {
        return calls.ask(() -> Optional.ofNullable(map.get(address)));
    }

    /** The entries of those logs that are there. */
    Map<String, LogEntry> get(Collection<String> addresses) throws JournalException {
        return decode(calls.ask(() -> map.getAll(new HashSet<>(addresses))));
    }

    /** The addresses of all logs. */
    Set<String> addresses() throws JournalException {
        return Set.copyOf(calls.ask(map::keySet));
    }

    /** The entries of all logs. */
    Map<String, LogEntry> all() throws JournalException {
        Collection<Map.Entry<String, byte[]>> found = calls.ask(map::entrySet);
        Map<String, byte[]> raw = new HashMap<>();
        found.forEach(each -> raw.put(each.getKey(), each.getValue()));
        return decode(raw);
    }

    private static Map<String, LogEntry> decode(Map<String, byte[]> found) throws JournalException {
        Map<String, LogEntry> entries = new HashMap<>();
        for (Map.Entry<String, byte[]> each : found.entrySet()) {
            entries.put(each.getKey(), LogEntry.decode(each.getValue()));
        }
        return entries;
    }

    /** Begins a log, unless somebody else just has; answers the entry that is there then. */
    LogEntry begin(String address, LogEntry fresh) throws JournalException {
        Optional<byte[]> other = calls.write(() -> Optional.ofNullable(map.putIfAbsent(address, fresh.encode())));
        return other.isEmpty() ? fresh : LogEntry.decode(other.get());
    }

    /**
     * Replaces an entry by its successor; false when it is not the newest any more. Hazelcast repeats a call after a member's
     * death, and the second one finds what the first has done.
     */
    boolean replace(String address, LogEntry old, LogEntry next) throws JournalException {
        byte[] encoded = next.encode();
        return calls.write(() -> map.replace(address, old.encode(), encoded))
                || Arrays.equals(encoded, raw(address).orElse(null));
    }

    /** Removes a log, if that is still its entry. */
    boolean remove(String address, LogEntry old) throws JournalException {
        return calls.write(() -> map.remove(address, old.encode()));
    }

    /** Keeps other writers of an address waiting, as far as they ask; false when somebody has it for too long. */
    boolean lock(String address) throws JournalException {
        return calls.ask(
                () -> locks.tryLock(address, LOCK_MILLIS, TimeUnit.MILLISECONDS, LEASE_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Lets other writers go on. A lock that is not ours any more, or cannot be given back now, ends by itself. */
    void unlock(List<String> addresses) {
        for (String each : addresses) {
            try {
                calls.ask(() -> {
                    locks.unlock(each);
                    return true;
                });
            } catch (JournalException | IllegalMonitorStateException ended) {
                LOG.debug("a lock was not given back: {}", ended.toString());
            }
        }
    }

    /** Takes care of all logs from now on, unless another node does. */
    boolean takeCare() throws JournalException {
        return calls.ask(() -> locks.tryLock(TIDY));
    }

    /** Lets another node take care. */
    void leaveCare() {
        unlock(List.of(TIDY));
    }
}
