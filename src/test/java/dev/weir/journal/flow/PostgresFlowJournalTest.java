package dev.weir.journal.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresServer;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EngineRules;
import dev.weir.journal.sql.PostgresEngine;
import dev.weir.time.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresFlowJournalTest extends FlowJournalContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @TempDir
    static Path folder;

    private static PostgresServer server;

    private String uri;

    @BeforeAll
    static void serve() throws Exception {
        server = new PostgresServer(folder);
    }

    @AfterAll
    static void end() throws Exception {
        server.close();
    }

    @Override
    Engine engine(EngineRules rules) throws Exception {
        if (uri == null) {
            uri = server.database("flows" + DATABASES.incrementAndGet());
        }
        return new PostgresEngine(uri, "weir", 5_000, rules);
    }

    @Test
    void partitionsGoFromNodeToNodeAndOnlyOneAtATimeCommits() throws Exception {
        EngineJournal elsewhere = start();
        try {
            FlowJournal other = new EngineFlows(elsewhere, Clock.system(), "two");
            Map<Integer, Long> mine = get(flows.claim("f", ALL, LONG));
            assertThat(mine.keySet()).isEqualTo(ALL);
            assertThat(get(flows.claim("f", ALL, LONG))).as("kept").isEqualTo(mine);
            assertThat(get(other.claim("f", ALL, LONG))).isEmpty();
            List<FlowCommit.Claim> given = List.of(new FlowCommit.Claim(3, mine.get(3)));
            get(flows.release("f", given));
            assertThat(get(other.claim("f", ALL, LONG)).keySet()).containsExactly(3);
            assertThat(get(flows.commit(
                            Cuts.of("f").claims(given).cursor(3, "in", 1).cut())))
                    .isFalse();
            List<FlowCommit.Claim> taken = claims(other, "f", Set.of(3));
            assertThat(get(other.commit(
                            Cuts.of("f").claims(taken).cursor(3, "in", 1).cut())))
                    .isTrue();

            get(flows.claim("f", Set.of(5), Duration.ofMillis(1)));
            List<FlowCommit.Claim> over = List.of(new FlowCommit.Claim(5, mine.get(5)));
            FlowCommit late = Cuts.of("f").claims(over).cursor(5, "in", 1).cut();
            await().atMost(PATIENCE)
                    .until(() -> !get(other.claim("f", Set.of(5), LONG)).isEmpty());
            assertThat(get(flows.commit(late))).isFalse();
            assertThatThrownBy(() ->
                            get(flows.commit(Cuts.of("f").cursor(5, "in", 1).cut())))
                    .isInstanceOf(IllegalArgumentException.class);
        } finally {
            get(elsewhere.stop());
        }
    }
}
