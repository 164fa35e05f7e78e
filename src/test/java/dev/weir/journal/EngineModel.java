package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Head;
import dev.weir.bus.Keep;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an engine must hold, in memory, as plainly as it can be said. Where engines may differ, as in how far a floor rises over
 * offsets that were compacted away, it takes what lies within the bounds.
 */
final class EngineModel {
    private static final long DAY = 86_400_000;

    /** An event that is there; without a value it is a deletion. */
    record Kept(
            @Nullable String id,
            @Nullable String key,
            @Nullable String value,
            long appended) {
        String compactionKey() {
            return key == null ? "" : key;
        }

        EventRow row() {
            byte[] data = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
            int kind = data == null ? EventRow.NOTHING : EventRow.JSON;
            return new EventRow(id, "/test", "set", key, null, null, id != null, null, kind, data);
        }
    }

    /** When an id was seen, and where its event went. */
    private record Seen(long offset, long millis) {}

    private static final class Log {
        final TreeMap<Long, Kept> events = new TreeMap<>();
        final Map<String, Seen> ids = new HashMap<>();
        final Set<String> idsOnDisk = new HashSet<>();
        final Set<String> doubtful = new HashSet<>();
        String epoch = "";
        long head;
        long floor;
        long appended;
        long touched;
        boolean latest;
        boolean gaps;

        Log copy() {
            Log copy = new Log();
            copy.events.putAll(events);
            copy.ids.putAll(ids);
            copy.idsOnDisk.addAll(idsOnDisk);
            copy.doubtful.addAll(doubtful);
            copy.epoch = epoch;
            copy.head = head;
            copy.floor = floor;
            copy.appended = appended;
            copy.touched = touched;
            copy.latest = latest;
            copy.gaps = gaps;
            return copy;
        }

        void compact() {
            events.headMap(floor, true).clear();
            Map<String, Long> newest = new HashMap<>();
            events.forEach((offset, event) -> newest.put(event.compactionKey(), offset));
            events.keySet().retainAll(new HashSet<>(newest.values()));
            latest = true;
            gaps = true;
        }

        void add(long offset, Kept event) {
            if (latest) {
                events.values().removeIf(old -> old.compactionKey().equals(event.compactionKey()));
            }
            events.put(offset, event);
        }

        void raise(long to) {
            floor = Math.max(floor, to);
            if (!latest) {
                events.headMap(floor, true).clear();
            }
        }
    }

    private final Map<String, Keep> keeps;
    private final EngineRules rules;
    private Map<String, Log> logs = new HashMap<>();

    /** @param keeps what the policies say now, shared with the engine */
    EngineModel(Map<String, Keep> keeps, EngineRules rules) {
        this.keeps = keeps;
        this.rules = rules;
    }

    /** As it is now, for when it turns out that what comes next did not happen. */
    EngineModel copy() {
        EngineModel copy = new EngineModel(keeps, rules);
        logs.forEach((address, log) -> copy.logs.put(address, log.copy()));
        return copy;
    }

    long head(String address) {
        Log log = logs.get(address);
        return log == null ? 0 : log.head;
    }

    boolean isLatest(String address) {
        Log log = logs.get(address);
        return log != null && log.latest;
    }

    List<String> ids(String address) {
        Log log = logs.get(address);
        return log == null ? List.of() : log.ids.keySet().stream().sorted().toList();
    }

    /** What the engine answered to an append; null when it did not come to that and only what is there tells. */
    void append(String address, Keep keep, List<Kept> events, long now, @Nullable Outcome outcome) {
        Log log = logs.computeIfAbsent(address, none -> new Log());
        if (keep.latest() && !log.latest) {
            log.compact();
        }
        log.latest = keep.latest();
        log.touched = Math.max(log.touched, now);
        long from = log.head;
        for (int i = 0; i < events.size(); i++) {
            long offset = place(log, events.get(i), now, outcome == null ? 0 : outcome.offsets()[i]);
            if (outcome != null) {
                assertThat(outcome.offsets()[i]).as("offset of event %s", i).isEqualTo(offset);
            }
        }
        if (log.head > from) {
            log.appended = Math.max(log.appended, now);
            log.raise(log.head - Math.min(keep.events(), log.head));
        } else if (outcome != null) {
            // Whether another policy is applied at once when nothing new comes is the engine's.
            long most = log.head - Math.min(keep.events(), log.head);
            log.raise(Math.min(most, outcome.head().floor()));
        }
        if (outcome != null) {
            log.epoch = log.epoch.isEmpty() ? outcome.head().epoch() : log.epoch;
            assertThat(outcome.head().epoch()).isEqualTo(log.epoch);
            assertThat(outcome.from()).isEqualTo(from);
        }
    }

    private long place(Log log, Kept event, long now, long answered) {
        String id = event.id();
        Seen seen = id == null ? null : log.ids.get(id);
        if (seen != null && seen.millis() >= now - rules.windowMillis()) {
            boolean forgotten = log.doubtful.contains(id) && answered == log.head + 1;
            if (!forgotten) {
                return seen.offset();
            }
        }
        log.head++;
        log.add(log.head, new Kept(id, event.key(), event.value(), Math.max(log.appended, now)));
        if (id != null) {
            log.ids.put(id, new Seen(log.head, now));
            log.doubtful.remove(id);
            if (log.latest) {
                log.idsOnDisk.add(id);
            } else {
                log.idsOnDisk.remove(id);
            }
        }
        return log.head;
    }

    /** The engine is another one on the same store: what it knows is what is on the disk. */
    void reopened() {
        for (Log log : logs.values()) {
            Set<String> there = new HashSet<>(log.idsOnDisk);
            log.events.values().stream().filter(event -> event.id() != null).forEach(event -> there.add(event.id()));
            log.ids.keySet().stream().filter(id -> !there.contains(id)).forEach(log.doubtful::add);
        }
    }

    /** An operator has trimmed it. */
    void trimmed(String address, long to) {
        logs.get(address).raise(to);
    }

    /** The engine has tidied up until nothing was left to do. */
    void tidied(Engine engine, long now) throws JournalException {
        for (String address : List.copyOf(logs.keySet())) {
            Log log = logs.get(address);
            Keep keep = keeps.get(address);
            boolean idle = log.appended < now - rules.forgetMillis();
            if (log.latest) {
                expire(log, now);
            } else if (keep != null) {
                log.raise(log.head - Math.min(keep.events(), log.head));
                age(log, keep.ageMillis(), now);
            }
            Head there = engine.heads(List.of(address)).get(address);
            // When only repeats came for long, whether that counts as use is the engine's.
            boolean touched = log.touched >= now - rules.forgetMillis();
            if (keep == null && idle && !(touched && there != null && there.floor() < there.head())) {
                log.latest = false;
                log.raise(log.head);
            }
            if (idle && log.events.isEmpty() && !(touched && there != null)) {
                logs.remove(address);
            } else if (there != null) {
                floor(log, there);
            }
        }
    }

    private static void expire(Log log, long now) {
        long newest = 0;
        for (Map.Entry<Long, Kept> each : new TreeMap<>(log.events).entrySet()) {
            if (each.getValue().value() == null && each.getValue().appended() < now - DAY) {
                log.events.remove(each.getKey());
                newest = Math.max(newest, each.getKey());
            }
        }
        log.floor = Math.max(log.floor, newest);
    }

    private static void age(Log log, long ageMillis, long now) {
        if (ageMillis == Long.MAX_VALUE) {
            return;
        }
        for (Map.Entry<Long, Kept> each : new TreeMap<>(log.events).entrySet()) {
            if (each.getValue().appended() < now - ageMillis) {
                log.raise(each.getKey());
            }
        }
    }

    /** The engine must answer as the model would. */
    void check(Engine engine, String address, long from, int limit) throws JournalException {
        Stored read = engine.read(address, from, limit);
        Log log = logs.get(address);
        if (log == null) {
            assertThat(read).as("a log that is not there").isNull();
            return;
        }
        assertThat(read).as("a log that is there").isNotNull();
        assertThat(read.head().head()).isEqualTo(log.head);
        if (!log.epoch.isEmpty()) {
            assertThat(read.head().epoch()).isEqualTo(log.epoch);
        }
        log.epoch = read.head().epoch();
        floor(log, read.head());
        List<Map.Entry<Long, Kept>> expected =
                new ArrayList<>(log.events.tailMap(from, false).entrySet());
        boolean cut = expected.size() > limit;
        expected = cut ? expected.subList(0, limit) : expected;
        assertThat(read.rows())
                .extracting(Stored.Row::offset)
                .isEqualTo(expected.stream().map(Map.Entry::getKey).toList());
        for (int i = 0; i < expected.size(); i++) {
            EventRow row = read.rows().get(i).event();
            assertThat(row)
                    .usingRecursiveComparison()
                    .isEqualTo(expected.get(i).getValue().row());
        }
        if (read.to() != log.head) {
            assertThat(expected).as("covered up to %s", read.to()).hasSize(limit);
            assertThat(read.to()).isEqualTo(expected.get(limit - 1).getKey());
        } else {
            assertThat(cut).as("covered all").isFalse();
        }
    }

    /** Over offsets that are not there it may rise further than it must. */
    private static void floor(Log log, Head head) {
        if (!log.gaps || log.latest) {
            assertThat(head.floor())
                    .as("floor of %s, latest: %s", head, log.latest)
                    .isEqualTo(log.floor);
            return;
        }
        long most = log.events.isEmpty() ? log.head : log.events.firstKey() - 1;
        assertThat(head.floor()).as("floor").isBetween(log.floor, most);
        log.floor = head.floor();
    }
}
