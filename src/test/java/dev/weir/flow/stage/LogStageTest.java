package dev.weir.flow.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import dev.weir.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Events are written to the log and go on. */
class LogStageTest {
    @Test
    void everyEventGoesOn() {
        FlowRig.check("""
                flow: told
                from: orders
                stages:
                  - log: {message: "'order ' + string(event.data)", level: debug, rate: 1/s}
                  - log
                to: out
                tests:
                  - name: all of them
                    given: [{data: 1}, {data: 2}]
                    expect: [{data: 1}, {data: 2}]
                """);
    }

    @Test
    void linesAreCutAndStayLines() {
        assertThat(LogStage.shown("a\nb\u001b[31mc")).isEqualTo("a b [31mc");
        assertThat(LogStage.shown("x".repeat(2_000))).isEqualTo("x".repeat(1_000) + "...");
    }

    @Test
    void soManyAreAllowedPerTime() {
        VirtualTime time = new VirtualTime(Instant.EPOCH);
        Allowance allowance = new Allowance(2, time);
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isFalse();
        time.advance(Duration.ofMillis(500));
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isFalse();
        time.advance(Duration.ofHours(1));
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isFalse();
    }

    @Test
    void aWrongLevelIsAProblem() {
        assertThat(FlowRig.problems("""
                        flow: told
                        from: orders
                        stages:
                          - log: {level: wran}
                        to: out
                        """))
                .containsExactly("flow.yaml:4: log.level: wran is not known\n    did you mean warn?");
    }
}
