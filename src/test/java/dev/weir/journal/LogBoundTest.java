package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.PolicyCompiler;
import dev.weir.bus.Refusal;
import dev.weir.config.Config;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.time.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many logs there may be, on a clock that the test moves. */
class LogBoundTest {
    private static final Keep MINUTE = new Keep(Long.MAX_VALUE, 60_000, 0);

    @TempDir
    private Path folder;

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private Engine engine;
    private LogBound bound;
    private Policies policies;

    @BeforeEach
    void open() throws Exception {
        engine = new SqliteEngine(folder, new EngineRules(1_000, 1_000, 3_600_000, address -> MINUTE));
        engine.open(time.millis());
        policies = policies(2);
        bound = new LogBound(engine, time, () -> policies, Runnable::run);
        bound.look();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Policies policies(int most) throws Exception {
        Path file = Files.writeString(
                folder.resolve("weir.yaml"),
                "addresses: [{match: 'a.{x}', keep: {age: 1m}, max-addresses: " + most
                        + "}, {match: 'a.b.**', keep: {age: 1m}}]");
        List<Policies> compiled = new ArrayList<>();
        Config.load(
                file,
                Map.of(),
                (values, problems) ->
                        compiled.add(new PolicyCompiler(values.home(), problems).compile(values.config())));
        return compiled.get(0);
    }

    private boolean append(String address) throws Exception {
        Refusal refusal = bound.refuse(address);
        if (refusal != null) {
            assertThat(refusal.code()).isEqualTo(FailureCode.TOO_MANY_ADDRESSES);
            return false;
        }
        engine.commit(List.of(new Append(address, MINUTE, List.of())), time.millis());
        return true;
    }

    @Test
    void whatIsForgottenMakesRoom() throws Exception {
        assertThat(append("a.1")).isTrue();
        assertThat(append("a.2")).isTrue();
        assertThat(append("a.3")).isFalse();
        assertThat(append("a.b.c")).isTrue();
        assertThat(append("a.2")).isTrue();
        time.advance(Duration.ofHours(2));
        while (engine.tidy(time.millis())) {
            // Until all are forgotten.
        }
        assertThat(append("a.3")).isTrue();
        assertThat(append("a.4")).isTrue();
        assertThat(append("a.5")).isFalse();
    }

    @Test
    void whatWasLetInAndNotKeptMakesRoomInAWhile() throws Exception {
        assertThat(bound.refuse("a.1")).isNull();
        assertThat(bound.refuse("a.2")).isNull();
        time.advance(Duration.ofSeconds(5));
        assertThat(append("a.3")).as("they may still be on their way").isFalse();
        time.advance(Duration.ofMinutes(1));
        assertThat(append("a.3")).isTrue();
    }

    @Test
    void anotherPolicyCountsAnew() throws Exception {
        append("a.1");
        append("a.2");
        policies = policies(3);
        assertThat(append("a.3")).isTrue();
        policies = policies(1);
        assertThat(append("a.4")).isFalse();
        assertThat(append("a.3")).as("those that are there stay").isTrue();
    }
}
