package dev.weir.journal.hazelcast;

import dev.weir.bus.Keep;
import dev.weir.journal.EngineRules;
import dev.weir.journal.JournalException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Retention, and a look at all logs after members went. One node does it for all. Owned by the writer.
 */
final class RingTidy {
    /** A floor that follows the age of events moves this many times within that age, since each move costs writers something. */
    private static final int STEPS = 100;

    /** A ring is replaced by a smaller one when it is this many times too large. */
    private static final int MUCH = 4;

    /** Every so many runs rings are looked for that nobody needs. */
    private static final int SWEEP = 120;

    private record Due(Keep keep, String epoch, long millis) {}

    private final Logs logs;
    private final Rings rings;
    private final EngineRules rules;
    private final Stamps stamps;
    private final Repair repair;
    private final LongAdder trimmed;
    private final Orphans orphans;
    private final Map<String, Due> due = new HashMap<>();
    private boolean caring;
    private int runs;

    RingTidy(Logs logs, Rings rings, EngineRules rules, Stamps stamps, LongAdder trimmed, Orphans orphans) {
        this.orphans = orphans;
        this.logs = logs;
        this.rings = rings;
        this.rules = rules;
        this.stamps = stamps;
        this.repair = new Repair(logs, rings, stamps);
        this.trimmed = trimmed;
    }

    /** Whether this node does it. */
    boolean isCaring() throws JournalException {
        caring = caring || logs.takeCare();
        return caring;
    }

    /** Lets another node do it. */
    void leave() {
        if (caring) {
            caring = false;
            logs.leaveCare();
        }
    }

    /** @param check whether each ring is looked at */
    void run(long nowMillis, boolean check) throws JournalException {
        Map<String, LogEntry> all = logs.all();
        due.keySet().retainAll(all.keySet());
        for (Map.Entry<String, LogEntry> each : all.entrySet()) {
            try {
                tidy(each.getKey(), each.getValue(), nowMillis, check);
            } catch (Gone lost) {
                repair.repair(each.getKey(), each.getValue(), lost, nowMillis);
            }
        }
        if (++runs % SWEEP == 0) {
            orphans.sweep(all);
        }
    }

    private void tidy(String address, LogEntry log, long nowMillis, boolean check) throws JournalException, Gone {
        if (check && log.hasEvents()) {
            rings.appended(address, log, log.floor() + 1);
            rings.appended(address, log, log.head());
        }
        boolean old = log.appendedMillis() < nowMillis - rules.forgetMillis();
        if (!log.hasEvents()) {
            if (old) {
                logs.remove(address, log);
            }
            return;
        }
        Keep keep = rules.keeps().apply(address);
        long floor = keep == null ? (old ? log.head() : 0) : floor(address, log, keep, nowMillis);
        if (floor > log.floor()) {
            move(address, log, floor);
        } else if (keep != null && RingLayout.capacity(keep.events()) * MUCH <= log.capacity()) {
            shrink(address, log, RingLayout.capacity(keep.events()));
        }
    }

    /** Less is kept than when the ring was made. */
    private void shrink(String address, LogEntry log, int capacity) throws JournalException, Gone {
        LogEntry moved = rings.move(address, log, capacity);
        boolean replaced = logs.replace(address, log, moved.stamped(stamps.next()));
        rings.destroy((replaced ? log : moved).ringName(address));
    }

    private long floor(String address, LogEntry log, Keep keep, long nowMillis) throws JournalException, Gone {
        return Math.max(log.head() - keep.events(), aged(address, log, keep, nowMillis));
    }

    private void move(String address, LogEntry log, long floor) throws JournalException {
        LogEntry next = log.next(log.head(), floor, log.appendedMillis(), log.segments(), stamps.next());
        if (logs.replace(address, log, next)) {
            trimmed.add(floor - log.floor());
            if (next.ring().isEmpty()) {
                rings.destroy(log.ringName(address));
            }
        }
    }

    /** Offset of the newest event that is too old. */
    private long aged(String address, LogEntry log, Keep keep, long nowMillis) throws JournalException, Gone {
        @Nullable Due known = due.get(address);
        if (keep.ageMillis() == Long.MAX_VALUE
                || (known != null
                        && known.keep().equals(keep)
                        && known.epoch().equals(log.epoch())
                        && nowMillis < known.millis())) {
            return 0;
        }
        long young = rings.firstSince(address, log, nowMillis - keep.ageMillis());
        long oldest = young > log.head() ? nowMillis : rings.appended(address, log, young);
        long next = Math.max(oldest + keep.ageMillis(), nowMillis + keep.ageMillis() / STEPS);
        due.put(address, new Due(keep, log.epoch(), next));
        return young - 1;
    }
}
