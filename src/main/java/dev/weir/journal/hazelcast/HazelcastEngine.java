package dev.weir.journal.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import dev.weir.bus.Head;
import dev.weir.journal.Append;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import dev.weir.journal.Stored;
import dev.weir.journal.TraceStore;
import dev.weir.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of the cluster's members: each log is there twice, so one member at a time may die. What it promises and what not
 * is told by {@code docs/journal.md}, how it does that by {@code docs/adr/0009-logs-in-hazelcast.md}.
 */
public final class HazelcastEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastEngine.class);
    private static final int READ_ATTEMPTS = 5;

    private final HazelcastInstance hazelcast;
    private final EngineRules rules;
    private final Logs logs;
    private final Rings rings;
    private final Calls calls;
    private final Stamps stamps = new Stamps();
    private final LongAdder trimmed = new LongAdder();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final Majority majority;
    private @Nullable RingWriter writer;
    private @Nullable RingTidy tidy;

    /**
     * An engine that is not open yet.
     *
     * @param hazelcast a member whose configuration went through {@link RingLayout#configure}
     */
    public HazelcastEngine(HazelcastInstance hazelcast, EngineRules rules, Clock clock) {
        this.hazelcast = hazelcast;
        this.rules = rules;
        this.calls = new Calls(hazelcast, clock);
        this.logs = new Logs(hazelcast, calls);
        this.rings = new Rings(hazelcast, calls);
        this.majority = Majority.of(hazelcast, clock);
        hazelcast.getPartitionService().addPartitionLostListener(event -> lost.set(true));
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void open(long nowMillis) throws JournalException {
        close();
        allowed();
        writer = new RingWriter(logs, rings, calls, rules, stamps, trimmed);
        tidy = new RingTidy(logs, rings, rules, stamps, trimmed, new Orphans(hazelcast, rings));
        lost.set(true);
    }

    private void allowed() throws JournalException {
        majority.look(calls.ask(() -> hazelcast.getCluster().getMembers()));
        String trouble = majority.trouble().orElse(null);
        if (trouble != null) {
            throw new JournalException(trouble, new IllegalStateException("no majority"));
        }
        if (majority.tie()) {
            renew();
        }
    }

    /** The other one of two members may go on as well: what this one keeps from now on is told apart by another epoch. */
    private void renew() throws JournalException {
        LOG.warn("the other member of the cluster may go on by itself: every log gets another epoch here");
        for (Map.Entry<String, LogEntry> each : logs.all().entrySet()) {
            String address = each.getKey();
            LogEntry entry = each.getValue();
            while (entry != null && !logs.replace(address, entry, entry.renewed(stamps.next()))) {
                entry = logs.get(address);
            }
        }
    }

    @Override
    public List<Outcome> commit(List<Append> appends, long nowMillis) throws JournalException {
        try {
            allowed();
            return opened(writer).commit(appends, nowMillis);
        } catch (JournalException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean tidy(long nowMillis) throws JournalException {
        try {
            allowed();
            RingTidy own = opened(tidy);
            if (own.isCaring()) {
                own.run(nowMillis, lost.getAndSet(false));
            }
            return false;
        } catch (JournalException e) {
            lost.set(true);
            close();
            throw e;
        }
    }

    private static <T> T opened(@Nullable T part) throws JournalException {
        if (part == null) {
            throw new JournalException("the journal is not open", new IllegalStateException("closed"));
        }
        return part;
    }

    @Override
    public @Nullable Stored read(String address, long from, int limit) throws JournalException {
        Gone last = new Gone(address, from + 1);
        for (int i = 0; i < READ_ATTEMPTS; i++) {
            LogEntry log = logs.get(address);
            if (log == null) {
                return null;
            }
            try {
                return read(address, i == 0 ? log : present(address, log), from, limit);
            } catch (Gone gone) {
                // A writer was faster than the reader, or the ring is lost and the next look at it says so.
                last = gone;
                lost.set(true);
            }
        }
        throw new JournalException("events of " + address + " cannot be read now", last);
    }

    /** The log without events that have been overwritten since its entry was written. */
    private LogEntry present(String address, LogEntry log) throws JournalException {
        long floor = log.hasEvents() ? rings.oldest(address, log) - 1 : log.floor();
        return floor > log.floor() && floor < log.head() ? log.withFloor(floor) : log;
    }

    private Stored read(String address, LogEntry log, long from, int limit) throws JournalException, Gone {
        long start = Math.max(from, log.floor());
        List<RingItem> items = start >= log.head() ? List.of() : rings.read(address, log, start, log.head(), limit);
        List<Stored.Row> rows = items.stream()
                .map(item -> new Stored.Row(item.offset(), item.event()))
                .toList();
        return new Stored(log.ends(), from, rows.isEmpty() ? log.head() : start + rows.size(), rows);
    }

    @Override
    public Map<String, Head> heads(Collection<String> addresses) throws JournalException {
        Map<String, Head> heads = new HashMap<>();
        logs.get(addresses).forEach((address, log) -> heads.put(address, log.ends()));
        return heads;
    }

    @Override
    public Optional<Set<String>> addresses() throws JournalException {
        return Optional.of(logs.addresses());
    }

    @Override
    public Optional<TraceStore> traces() {
        return Optional.of(new RingTraces(logs, rings));
    }

    @Override
    public long trimmed() {
        return trimmed.sum();
    }

    @Override
    public void close() {
        RingTidy own = tidy;
        writer = null;
        tidy = null;
        if (own != null && hazelcast.getLifecycleService().isRunning()) {
            own.leave();
        }
    }
}
