package dev.weir.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.time.VirtualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A loop that is late makes the node busy. Its timers run on one time, late against the clock that measures. */
class LoadTest {
    private final VirtualTime clock = new VirtualTime(Instant.EPOCH);
    private final VirtualTime loop = new VirtualTime(Instant.EPOCH);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Load load = new Load(clock, registry, Duration.ofMillis(250));

    private void tickAfter(long millis) {
        clock.advance(Duration.ofMillis(millis));
        loop.advance(Duration.ofMillis(100));
    }

    @Test
    void oneLateTickIsNoOverloadThreeAre() {
        load.measure(loop);
        tickAfter(100);
        tickAfter(400);
        tickAfter(400);
        assertThat(load.busy()).isNull();
        assertThat(registry.get("weir_loop_lag_ms").gauge().value()).isEqualTo(300);
        tickAfter(400);
        assertThat(load.busy()).contains("busy");
        tickAfter(100);
        assertThat(load.busy()).isNull();
        assertThat(load.lagMillis()).isZero();
    }

    @Test
    void aLoopThatSaysNothingIsBusy() {
        load.measure(loop);
        tickAfter(5_000);
        assertThat(load.busy()).as("starting is no overload").isNull();
        clock.advance(Duration.ofMillis(3_050));
        assertThat(load.busy()).isNull();
        clock.advance(Duration.ofMillis(100));
        assertThat(load.busy()).isNotNull();
    }
}
