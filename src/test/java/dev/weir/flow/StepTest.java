package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Functions;
import dev.weir.config.Problems;
import dev.weir.event.EventHeaders;
import dev.weir.flow.sink.BuiltInTargets;
import dev.weir.time.VirtualTime;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Order per key, attempts, holds and what becomes of errors, on a virtual clock. */
class StepTest {
    private static final Vocabulary WORDS = new Vocabulary(
            List.of(TrialStages.TRIAL, TrialStages.TWO, TrialStages.COUNT),
            BuiltInTargets.TYPES,
            List.of(),
            (kind, options, problems) -> {},
            Functions.NONE,
            Path.of("").toAbsolutePath());

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final TestLane lane = new TestLane(time, Map.of());
    private int ids;

    private Pipeline pipeline(String onError) {
        String yaml = """
                flow: f
                from: in
                on-error: %s
                stages: [trial]
                to: out
                """.formatted(onError);
        Problems problems = new Problems();
        FlowSpec spec = new FlowReader(WORDS).read("f.yaml", yaml, problems);
        assertThat(problems.list()).isEmpty();
        return new Pipeline(Objects.requireNonNull(spec), lane);
    }

    private FlowEvent event(String key, int fails, boolean slow) {
        int n = ++ids;
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().set(EventHeaders.ID, "e" + n).set(EventHeaders.SUBJECT, key);
        return FlowEvent.of(
                new Arrival("in", headers, null, 0),
                new JsonObject().put("n", n).put("fails", fails).put("slow", slow));
    }

    private List<Integer> out() {
        return lane.emitted().stream()
                .map(each -> ((JsonObject) Objects.requireNonNull(each.data())).getInteger("n"))
                .toList();
    }

    private StageCounts counts() {
        return Objects.requireNonNull(lane.counts().get("trial"));
    }

    @Test
    void laterEventsOfAKeyWaitBehindOneThatIsTriedAgainAndOthersGoOn() {
        Pipeline flow = pipeline("{retry: {attempts: 3, backoff: [1s, 5s]}}");
        flow.accept(event("a", 2, false));
        flow.accept(event("a", 0, false));
        flow.accept(event("b", 0, false));
        flow.accept(event("a", 0, true));
        flow.accept(event("a", 0, false));
        assertThat(out()).containsExactly(3);
        assertThat(counts().held).isEqualTo(4);
        time.advance(Duration.ofSeconds(1));
        assertThat(out()).containsExactly(3);
        time.advance(Duration.ofSeconds(5));
        assertThat(out()).containsExactly(3, 1, 2);
        flow.accept(event("a", 0, false));
        time.advance(Duration.ofMillis(10));
        assertThat(out()).containsExactly(3, 1, 2, 4, 5, 6);
        assertThat(counts().held).isZero();
        assertThat(counts().retries.get()).isEqualTo(2);
    }

    @Test
    void whatFailsWhileItIsHeldIsTriedAgainAndADeadOneLetsThoseBehindItGoOn() {
        Pipeline flow = pipeline("{retry: {attempts: 2, backoff: [1s]}}");
        flow.accept(event("a", 1, true));
        flow.accept(event("a", 9, true));
        flow.accept(event("a", 0, false));
        flow.accept(event("b", 0, true));
        time.advance(Duration.ofMillis(10));
        assertThat(out()).containsExactly(4);
        time.advance(Duration.ofSeconds(10));
        assertThat(out()).containsExactly(4, 1, 3);
        assertThat(lane.dead()).hasSize(1).first().satisfies(dead -> {
            assertThat(dead.attempts()).isEqualTo(2);
            assertThat(dead.failures()).hasSize(2);
            assertThat(dead.reason()).isEqualTo("attempts");
        });
        assertThat(counts().held).isZero();
    }

    @Test
    void dropIsCountedAndEmitTellsOfTheError() {
        Pipeline dropping = pipeline("{then: drop}");
        dropping.accept(event("a", 1, false));
        dropping.accept(event("a", 0, false));
        assertThat(out()).containsExactly(2);
        assertThat(counts().dropped.get()).isEqualTo(1);
        Pipeline telling = pipeline("{then: {emit: errors}}");
        telling.accept(event("a", 1, true));
        telling.accept(event("a", 0, false));
        time.advance(Duration.ofSeconds(1));
        assertThat(lane.emitted()).extracting(TestLane.Emitted::to).containsExactly("out", "errors", "out");
        assertThat(lane.emitted().get(1).cause()).isEqualTo("e3");
        assertThat(lane.dead()).isEmpty();
    }

    @Test
    void anEventThatStopsTheFlowStaysWithThoseBehindIt() {
        Pipeline flow = pipeline("{then: stop}");
        flow.accept(event("a", 1, false));
        flow.accept(event("a", 0, false));
        assertThat(lane.stopped()).contains("no luck");
        time.advance(Duration.ofMinutes(10));
        assertThat(out()).isEmpty();
        assertThat(counts().held).isEqualTo(2);
    }

    @Test
    void whatIsSaidOfAHoldOnceTheLaneIsClosedMeansNothing() {
        Pipeline flow = pipeline("{retry: {attempts: 3, backoff: [1s]}}");
        flow.accept(event("a", 1, true));
        flow.accept(event("b", 1, false));
        flow.close();
        time.advance(Duration.ofMinutes(1));
        assertThat(counts().errors.get()).isEqualTo(1);
        assertThat(out()).isEmpty();
        assertThat(lane.dead()).isEmpty();
    }

    @Test
    void idsOfANewLaneAreBehindThoseOfBefore() {
        ItemIds earlier = new ItemIds(time, "one");
        String last = earlier.next();
        time.set(Instant.parse("2020-01-01T00:00:00Z"));
        ItemIds later = new ItemIds(time, "one");
        assertThat(later.next()).isLessThan(last);
        later.behind(last);
        assertThat(later.next()).isGreaterThan(last);
        later.behind("replayed by hand");
        assertThat(later.next()).isGreaterThan(last);
    }
}
