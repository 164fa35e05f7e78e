package dev.weir.journal.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.journal.Engine;
import dev.weir.journal.EngineContract;
import dev.weir.time.Clock;
import java.util.Set;
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

    @Override
    protected boolean keepsLatest() {
        return false;
    }
}
