package dev.weir.edge.fanout;

import static dev.weir.edge.fanout.FanoutFixture.hasAll;
import static dev.weir.edge.fanout.FanoutFixture.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the sessions of one event loop catch up: on a real journal and bus, with virtual time and transports that the test holds up. */
class ReplaysTest {
    private FanoutFixture bench;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        bench = new FanoutFixture(home);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void whoWantsTheSameSharesWhatIsReadAndEncoded() throws Exception {
        String epoch = bench.publish(1_200);
        List<FanoutFixture.TestOutlet> outlets = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            outlets.add(bench.resume(epoch, i % 4 * 10L, true));
        }
        for (int i = 0; i < 40; i++) {
            hasAll(outlets.get(i), i % 4 * 10L + 1, 1_200);
        }
        patiently().until(() -> bench.counters.replays.sum() == 0);
        assertThat(bench.counters.replayed.sum()).isEqualTo(47_400);
        assertThat(bench.counters.replayEncoded.sum()).isLessThan(2 * 1_200);
        assertThat(bench.counters.replayReads.sum()).isLessThan(8);
        bench.publish(3);
        hasAll(outlets.get(7), 31, 1_203);
    }

    @Test
    void aCrowdSharesPagesWhereverEachOfThemIs() throws Exception {
        String epoch = bench.publish(1_200);
        for (int i = 0; i < 20; i++) {
            bench.resume(epoch, 1_199, false);
        }
        // Each is further behind than the one before, so that none finds a page that begins where it is.
        for (long at = 1_180; at > 0; at -= 60) {
            hasAll(bench.resume(epoch, at, true), at + 1, 1_200);
        }
        assertThat(bench.counters.replays.sum()).isEqualTo(20);
        assertThat(bench.counters.replayReads.sum()).isLessThan(8);
        assertThat(bench.counters.replayEncoded.sum()).isLessThan(2 * 1_200);
    }

    @Test
    void whatWasReadIsKeptForAMomentAndThenReadAgain() throws Exception {
        String epoch = bench.publish(100);
        hasAll(bench.resume(epoch, 0, true), 1, 100);
        hasAll(bench.resume(epoch, 50, true), 51, 100);
        assertThat(bench.counters.replayReads.sum()).isEqualTo(1);
        bench.pass(Duration.ofSeconds(5));
        hasAll(bench.resume(epoch, 0, true), 1, 100);
        assertThat(bench.counters.replayReads.sum()).isEqualTo(2);
    }

    @Test
    void aSessionGetsMoreWhenItsTransportHasTakenWhatItGot() throws Exception {
        String epoch = bench.publish(2_000);
        FanoutFixture.TestOutlet fast = bench.resume(epoch, 0, true);
        FanoutFixture.TestOutlet slow = bench.resume(epoch, 0, false);
        hasAll(fast, 1, 2_000);
        assertThat(slow.offsets).isEmpty();
        slow.stalls = true;
        int live = 0;
        while (slow.offsets.size() < 2_000 + live) {
            if (live < 20) {
                bench.publish(1);
                live++;
            }
            bench.on(() -> slow.writable = true);
            int before = slow.offsets.size();
            patiently().until(() -> {
                bench.pass(Duration.ofMillis(20));
                return slow.offsets.size() > before;
            });
        }
        hasAll(slow, 1, 2_020);
        hasAll(fast, 1, 2_020);
        assertThat(slow.largest).as("bytes at a time").isLessThan(64 * 1024);
    }

    @Test
    void whoTakesNothingForAMinuteIsSentAway() throws Exception {
        String epoch = bench.publish(100);
        FanoutFixture.TestOutlet stuck = bench.resume(epoch, 0, false);
        patiently().until(() -> {
            bench.pass(Duration.ofSeconds(1));
            return stuck.closed;
        });
        assertThat(bench.counters.slowDisconnects.sum()).isEqualTo(1);
        assertThat(stuck.offsets).isEmpty();
        bench.on(() -> {
            bench.fanout.leave("orders", stuck);
            return null;
        });
        assertThat(bench.counters.replays.sum()).isZero();
    }

    @Test
    void whereNothingCameForAWhileThePositionIsKnown() throws Exception {
        String epoch = bench.publish(10);
        FanoutFixture.TestOutlet outlet = bench.resume(epoch, 10, true);
        FanoutFixture.TestOutlet behind = bench.resume(epoch, 0, false);
        patiently().until(() -> bench.counters.replays.sum() == 1);
        bench.pass(Duration.ofSeconds(9));
        assertThat(bench.on(() -> String.valueOf(bench.fanout.quiet("orders", outlet))))
                .isEqualTo("null");
        bench.pass(Duration.ofSeconds(2));
        assertThat(bench.on(() -> String.valueOf(bench.fanout.quiet("orders", outlet))))
                .isEqualTo(epoch + ":10");
        assertThat(bench.on(() -> String.valueOf(bench.fanout.quiet("orders", behind))))
                .isEqualTo("null");
        assertThat(bench.on(() -> String.valueOf(bench.fanout.quiet("nowhere", outlet))))
                .isEqualTo("null");
        bench.publish(1);
        hasAll(outlet, 11, 11);
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.on(() -> String.valueOf(bench.fanout.quiet("orders", outlet))))
                .isEqualTo("null");
    }
}
