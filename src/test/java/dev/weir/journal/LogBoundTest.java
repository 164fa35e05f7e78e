package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.time.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
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
        return TestPolicies.load(
                folder,
                "addresses: [{match: 'a.{x}', keep: {age: 1m}, max-addresses: " + most
                        + "}, {match: 'a.b.**', keep: {age: 1m}}]");
    }

    private @Nullable FailureCode refusal(String address) {
        List<FailureCode> refused = new ArrayList<>();
        AtomicBoolean in = new AtomicBoolean(bound.knows(address));
        if (!in.get()) {
            bound.admit(address, () -> in.set(true), refusal -> refused.add(refusal.code()));
        }
        assertThat(in.get()).isEqualTo(refused.isEmpty());
        return refused.isEmpty() ? null : refused.get(0);
    }

    private boolean append(String address) throws Exception {
        FailureCode refused = refusal(address);
        if (refused != null) {
            assertThat(refused).isEqualTo(FailureCode.TOO_MANY_ADDRESSES);
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
        assertThat(refusal("a.1")).isNull();
        assertThat(refusal("a.2")).isNull();
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

    @Test
    void whatIsInAStoreThatOpensLateIsCounted() throws Exception {
        append("a.1");
        append("a.2");
        engine.close();
        engine = new SqliteEngine(folder, new EngineRules(1_000, 1_000, 3_600_000, address -> MINUTE));
        bound = new LogBound(engine, time, () -> policies, Runnable::run);
        bound.look();
        assertThat(refusal("a.3")).as("nobody knows").isEqualTo(FailureCode.UNAVAILABLE);
        engine.open(time.millis());
        time.advance(Duration.ofSeconds(2));
        assertThat(append("a.3")).isFalse();
        assertThat(append("a.2")).isTrue();
    }

    /** The same engine as if other nodes wrote to it too. */
    private Engine shared(Engine own) {
        return new SharedEngine(own);
    }

    @Test
    void whoComesSeldomToAFullSharedStoreLearnsHowItIsNow() throws Exception {
        append("a.1");
        append("a.2");
        List<Runnable> questions = new ArrayList<>();
        bound = new LogBound(shared(engine), time, () -> policies, questions::add);
        bound.look();
        for (int minute = 0; minute < 3; minute++) {
            time.advance(Duration.ofMinutes(1));
            assertThat(late(questions, "a.3")).isEqualTo(FailureCode.TOO_MANY_ADDRESSES);
        }
        time.advance(Duration.ofHours(2));
        while (engine.tidy(time.millis())) {
            // Until all are forgotten.
        }
        assertThat(late(questions, "a.3")).as("the first who asks then").isNull();
    }

    /** What becomes of an address that has to wait for an answer. */
    private @Nullable FailureCode late(List<Runnable> questions, String address) {
        List<String> told = new ArrayList<>();
        bound.admit(
                address,
                () -> told.add("in"),
                refusal -> told.add(refusal.code().name()));
        assertThat(told).isEmpty();
        assertThat(questions).hasSize(1);
        questions.remove(0).run();
        assertThat(told).hasSize(1);
        return told.get(0).equals("in") ? null : FailureCode.valueOf(told.get(0));
    }

    @Test
    void whoWaitsIsLetInInOrderAndToldWhenNobodyAnswers() throws Exception {
        append("a.1");
        List<Runnable> questions = new ArrayList<>();
        bound = new LogBound(shared(engine), time, () -> policies, questions::add);
        List<String> in = new ArrayList<>();
        bound.admit("a.1", () -> in.add("first"), refusal -> in.add("refused"));
        bound.admit("a.1", () -> in.add(bound.knows("a.1") + ""), refusal -> in.add("refused"));
        bound.admit("a.2", () -> in.add("third"), refusal -> in.add("refused"));
        bound.admit(
                "a.3", () -> in.add("fourth"), refusal -> in.add(refusal.code().name()));
        assertThat(in).isEmpty();
        questions.remove(0).run();
        assertThat(in).containsExactly("first", "true", "third", "TOO_MANY_ADDRESSES");
        time.advance(Duration.ofSeconds(2));
        bound.admit(
                "a.4", () -> in.add("fifth"), refusal -> in.add(refusal.code().name()));
        bound.notAsked();
        assertThat(in).endsWith("UNAVAILABLE");
    }
}
