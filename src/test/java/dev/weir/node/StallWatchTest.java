package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StallWatchTest {
    private final VirtualTime time = new VirtualTime(Instant.EPOCH);
    private final AtomicBoolean others = new AtomicBoolean(true);
    private final List<Duration> stalls = new ArrayList<>();
    private final StallWatch watch = new StallWatch(time, Duration.ofSeconds(11), others::get, stalls::add);

    private void lookAfter(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
        watch.look();
    }

    @Test
    void aPauseThatTheOthersBearIsNone() {
        lookAfter(1);
        lookAfter(11);
        assertThat(stalls).isEmpty();
    }

    @Test
    void aLongPauseIsToldThoughTheOthersAreGoneByThen() {
        lookAfter(1);
        others.set(false);
        lookAfter(12);
        assertThat(stalls).containsExactly(Duration.ofSeconds(12));
    }

    @Test
    void aNodeThatWasAloneMayPause() {
        others.set(false);
        lookAfter(1);
        lookAfter(60);
        assertThat(stalls).isEmpty();
    }
}
