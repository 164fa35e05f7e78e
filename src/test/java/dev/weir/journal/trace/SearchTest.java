package dev.weir.journal.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Traces.By;
import dev.weir.bus.Traces.Query;
import dev.weir.journal.EventRow;
import dev.weir.journal.Sought;
import dev.weir.journal.TraceStore;
import dev.weir.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far a search comes, and that what it says of that is so: over logs in memory, with a clock that runs at every look. */
class SearchTest {
    private static final int STRETCH = 3;
    private static final Set<By> NAMES = Set.of(By.EVENT, By.CORRELATION);

    /** Logs in memory; the rest of a store has nothing. */
    private record Memory(List<List<Row>> all) implements TraceStore {
        @Override
        public List<Log> logs() {
            List<Log> logs = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                List<Row> rows = all.get(i);
                long newest = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).appendedMillis();
                logs.add(new Log(i, "a" + i, "e", rows.size(), 0, false, newest));
            }
            return logs;
        }

        @Override
        public Log before(Log log, long millis) {
            List<Row> rows = all.get(log.id()).stream()
                    .filter(row -> row.appendedMillis() < millis)
                    .toList();
            return rows.isEmpty()
                    ? log.endingAt(0, 0)
                    : log.endingAt(rows.size(), rows.get(rows.size() - 1).appendedMillis());
        }

        @Override
        public Stretch look(Log log, long to, Sought sought, int limit) {
            long from = Math.max(0, to - STRETCH);
            List<Row> rows = new ArrayList<>();
            for (long offset = to; offset > from; offset--) {
                Row row = all.get(log.id()).get((int) offset - 1);
                if (sought.matches(row.event()) && rows.size() < limit) {
                    rows.add(row);
                }
            }
            return new Stretch(rows, from, all.get(log.id()).get((int) from).appendedMillis(), to - from);
        }
    }

    /** It is later by so many nanoseconds whenever somebody looks. */
    private static final class Running implements Clock {
        private final long step;
        private long now;

        Running(long step) {
            this.step = step;
        }

        @Override
        public long millis() {
            return now / 1_000_000;
        }

        @Override
        public long nanos() {
            return now += step;
        }
    }

    private static EventRow event(String id, @Nullable String cause, String together) {
        String headers = "{\"ce-correlationid\":\"" + together + "\""
                + (cause == null ? "" : ",\"ce-causationid\":\"" + cause + "\"") + "}";
        return new EventRow(id, "/s", "t", null, null, null, true, headers, EventRow.NOTHING, null);
    }

    /** Some logs to which events are appended in turn: some belong to what event 0 began, each caused by one that is older. */
    private static Memory logs(Random random) {
        List<List<TraceStore.Row>> logs = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(5); i++) {
            logs.add(new ArrayList<>());
        }
        List<String> family = new ArrayList<>();
        long now = 1_000;
        int begin = random.nextInt(40);
        for (int i = 0; i < 120; i++) {
            now += random.nextInt(3);
            List<TraceStore.Row> log = logs.get(random.nextInt(logs.size()));
            boolean isOf = i == begin || (i > begin && random.nextInt(8) == 0);
            String cause = isOf && !family.isEmpty() ? family.get(random.nextInt(family.size())) : null;
            EventRow row = event("" + i, cause, isOf ? "" + begin : "x" + i);
            if (isOf) {
                family.add("" + i);
            }
            log.add(new TraceStore.Row(log.size() + 1, now, row));
        }
        return new Memory(logs);
    }

    private static Search run(Memory logs, long step, Query query) throws Exception {
        Search search = new Search(logs, new Running(step), query);
        search.run();
        return search;
    }

    private static Query query(String id, long before, int limit) {
        return new Query(id, NAMES, null, 0, before, limit);
    }

    private static Set<String> ids(Search search) {
        return search.hits().stream().map(hit -> hit.event().id()).collect(Collectors.toSet());
    }

    private static List<TraceStore.Row> family(Memory logs) {
        List<TraceStore.Row> all = new ArrayList<>();
        for (List<TraceStore.Row> log : logs.all()) {
            for (TraceStore.Row row : log) {
                String headers = String.valueOf(row.event().headers());
                if (!headers.contains(":\"x")) {
                    all.add(row);
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void allThatBelongsTogetherIsFoundByEachOfThem(long seed) throws Exception {
        Memory logs = logs(new Random(seed));
        Set<String> family = family(logs).stream().map(row -> row.event().id()).collect(Collectors.toSet());
        for (String id : family) {
            Search search = run(logs, 1, query(id, Long.MAX_VALUE, 200));
            assertThat(ids(search)).isEqualTo(family);
            assertThat(search.searched().backToMillis()).isZero();
            assertThat(search.hasMore()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void aSearchThatHasNoMoreTimeSaysHowFarItCameAndTheNextGoesOnThere(long seed) throws Exception {
        Memory logs = logs(new Random(seed));
        List<TraceStore.Row> family = family(logs);
        String root = family.stream()
                .map(row -> row.event())
                .filter(event ->
                        String.valueOf(event.headers()).startsWith("{\"ce-correlationid\":\"" + event.id() + "\""))
                .map(EventRow::id)
                .findFirst()
                .orElseThrow();
        Set<String> found = new HashSet<>();
        long before = Long.MAX_VALUE;
        int searches = 0;
        do {
            Search search = run(logs, Search.MOST_NANOS / 8, query(root, before, 200));
            found.addAll(ids(search));
            long back = search.searched().backToMillis();
            family.stream()
                    .filter(row -> back > 0 && row.appendedMillis() >= back)
                    .forEach(row -> assertThat(found).contains(row.event().id()));
            assertThat(back).isLessThan(before);
            before = back;
            searches++;
        } while (before > 0);
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        family.stream().map(row -> row.event().id()).toList());
        assertThat(searches).isGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void ofTooManyTheNewestAreFound(long seed) throws Exception {
        Memory logs = logs(new Random(seed));
        List<TraceStore.Row> family = new ArrayList<>(family(logs));
        family.sort(java.util.Comparator.comparingLong(TraceStore.Row::appendedMillis));
        String together = family.get(0).event().id();
        Search search = run(logs, 1, query(String.valueOf(together), Long.MAX_VALUE, 2));
        List<Search.Hit> hits = search.hits();
        assertThat(hits).hasSize(2);
        assertThat(search.hasMore()).isTrue();
        assertThat(hits.get(0).appendedMillis())
                .isGreaterThanOrEqualTo(family.get(family.size() - 3).appendedMillis());
    }
}
