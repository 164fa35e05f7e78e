package dev.weir.journal.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Keep;
import dev.weir.bus.Traces;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineContract;
import dev.weir.journal.EventRow;
import dev.weir.journal.Sought;
import dev.weir.journal.TraceStore;
import dev.weir.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HazelcastEngineTest extends EngineContract {
    private static Members members;

    private boolean cleared;

    @BeforeAll
    static void start() {
        members = new Members(2);
    }

    @AfterAll
    static void stop() {
        members.close();
    }

    @Override
    protected Engine create() {
        if (!cleared) {
            members.clear();
            cleared = true;
        }
        return new HazelcastEngine(members.get(0), rules(), Clock.system());
    }

    /** For {@code max-addresses}, however long ago and by whomever they were begun. */
    @Test
    void allLogsAreKnownToEveryNode() throws Exception {
        append("a", ALL, row("1", "x"));
        append("b", ALL);
        try (Engine other = new HazelcastEngine(members.get(1), rules(), Clock.system())) {
            assertThat(other.addresses()).hasValue(Set.of("a", "b"));
        }
    }

    /** From the newest back, over stretches, whatever was overwritten meanwhile. */
    @Test
    void eventsAreFoundByWhatNamesThem() throws Exception {
        Keep many = new Keep(2_000, Long.MAX_VALUE, 0);
        append("a", many, row("first", "x"));
        EventRow child = new EventRow(
                "child", "/s", "t", null, null, null, true, "{\"ce-causationid\":\"first\"}", EventRow.NOTHING, null);
        EventRow other = new EventRow(
                "other", "/s", "t", null, null, null, true, "{\"ce-remark\":\"first\"}", EventRow.NOTHING, null);
        append("a", many, child, other);
        append(
                "a",
                many,
                IntStream.range(0, 1_200).mapToObj(i -> row("n" + i, "y")).toArray(EventRow[]::new));
        append("b", many, row("first", "z"));
        assertThat(found("first")).containsExactlyInAnyOrder("a:1", "a:2", "b:1");
        assertThat(found("nobody")).isEmpty();
        append("a", new Keep(1_000, Long.MAX_VALUE, 0), row("last", "x"));
        assertThat(found("first")).containsExactly("b:1");
    }

    private List<String> found(String id) throws Exception {
        TraceStore store = engine.traces().orElseThrow();
        Sought sought = new Sought(id, Set.of(Traces.By.EVENT, Traces.By.CORRELATION));
        List<String> found = new ArrayList<>();
        for (TraceStore.Log log : store.logs()) {
            for (long at = log.head(); at > log.floor(); ) {
                TraceStore.Stretch stretch = store.look(log, at, sought, 10);
                stretch.rows().forEach(row -> found.add(log.address() + ":" + row.offset()));
                assertThat(stretch.from()).isLessThan(at);
                at = stretch.from();
            }
        }
        return found;
    }

    @Override
    protected boolean keepsLatest() {
        return false;
    }
}
