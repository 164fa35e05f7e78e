package dev.weir.journal.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import dev.weir.journal.Stored;
import dev.weir.time.Clock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What tests do with engines of several members. */
final class Writing {
    static final Keep MANY = new Keep(10_000, Long.MAX_VALUE, 0);
    static final EngineRules RULES = new EngineRules(120_000, 100_000, 30L * 86_400_000, any -> MANY);
    static final long NOW = Clock.system().millis();

    private Writing() {}

    static Engine engine(HazelcastInstance member) throws JournalException {
        Engine engine = new HazelcastEngine(member, RULES, Clock.system());
        engine.open(NOW);
        return engine;
    }

    static EventRow row(String id) {
        byte[] data = ("\"" + id + "\"").getBytes(StandardCharsets.UTF_8);
        return new EventRow(id, "/test", "note", null, null, null, true, null, EventRow.JSON, data);
    }

    static Outcome append(Engine engine, String address, Keep keep, String... ids) throws JournalException {
        List<EventRow> rows = Stream.of(ids).map(Writing::row).toList();
        return engine.commit(List.of(new Append(address, keep, rows)), NOW).get(0);
    }

    static List<Stored.Row> all(Engine engine, String address) throws JournalException {
        List<Stored.Row> rows = new ArrayList<>();
        Stored page = engine.read(address, 0, 500);
        while (page != null && !page.rows().isEmpty()) {
            rows.addAll(page.rows());
            page = engine.read(address, page.to(), 500);
        }
        return rows;
    }

    static List<String> ids(Engine engine, String address) throws JournalException {
        return all(engine, address).stream().map(each -> each.event().id()).toList();
    }

    /** Writes groups to two logs until all its ids have a place; what was refused is sent again. */
    static Void write(Engine engine, List<String> ids, Map<String, Long> places, Random random) throws Exception {
        try (engine) {
            for (int next = 0; next < ids.size(); ) {
                List<String> batch = ids.subList(next, Math.min(ids.size(), next + 1 + random.nextInt(5)));
                try {
                    for (String address : List.of("a", "b")) {
                        Outcome outcome = append(engine, address, MANY, batch.toArray(String[]::new));
                        for (int i = 0; i < batch.size(); i++) {
                            Long before = places.put(address + batch.get(i), outcome.offsets()[i]);
                            assertThat(before).isIn(null, outcome.offsets()[i]);
                        }
                    }
                    next += batch.size();
                } catch (JournalException refused) {
                    TimeUnit.MILLISECONDS.sleep(20); // As the writer of a node does before it opens the engine again.
                    reopen(engine);
                }
            }
        }
        return null;
    }

    static void reopen(Engine engine) {
        try {
            engine.open(NOW);
        } catch (JournalException notYet) {
            assertThat(notYet).hasMessageContaining("member");
        }
    }

    static List<String> someOf(int from, int to) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i < to; i++) {
            ids.add("e" + i);
        }
        return ids;
    }

    static void check(Engine engine, Map<String, Long> places, int count) throws JournalException {
        for (String address : List.of("a", "b")) {
            List<Stored.Row> rows = all(engine, address);
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < rows.size(); i++) {
                Stored.Row row = rows.get(i);
                assertThat(row.offset()).isEqualTo(i + 1);
                assertThat(seen.add(row.event().id())).isTrue();
                assertThat(places).containsEntry(address + row.event().id(), row.offset());
            }
            assertThat(seen).hasSize(count);
        }
    }
}
