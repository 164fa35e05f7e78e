package dev.weir.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.bus.RetryPolicy;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Calls that are made again, and listeners that are counted, on a clock that moves when told to. */
class RetryAndMonitorTest {
    private final VirtualTime time = new VirtualTime(Instant.EPOCH);

    private void pass(String duration) {
        time.advance(dev.weir.time.Durations.parse(duration));
    }

    @Nested
    class Retries {
        private final List<String> out = new ArrayList<>();
        private final Retry retry = new Retry(
                        time, new RetryPolicy(List.of(Duration.ofSeconds(1), Duration.ofSeconds(5)), 4))
                .onFailed(failed -> out.add(failed.attempt() + " "
                        + failed.failure().getMessage() + " " + failed.pause().toMillis()));

        @Test
        void itTriesAgainAfterEachPauseUntilItSucceeds() {
            Future<Integer> answer = retry.call(
                    attempt -> attempt < 4 ? Future.failedFuture("no " + attempt) : Future.succeededFuture(attempt));
            assertThat(out).containsExactly("1 no 1 1000");
            pass("1s");
            assertThat(out).hasSize(2);
            pass("4999ms");
            assertThat(out).hasSize(2);
            pass("1ms");
            assertThat(out).containsExactly("1 no 1 1000", "2 no 2 5000", "3 no 3 5000");
            assertThat(answer.isComplete()).isFalse();
            pass("5s");
            assertThat(answer.result()).isEqualTo(4);
        }

        @Test
        void theLastFailureIsTheOneThatCounts() {
            AtomicInteger calls = new AtomicInteger();
            Future<Integer> answer = retry.call(() -> {
                throw new IllegalStateException("call " + calls.incrementAndGet());
            });
            pass("1m");
            assertThat(answer.cause()).hasMessage("call 4");
        }

        @Test
        void whatWillStaySoIsNotTriedAgain() {
            assertThat(retry.call(() -> Future.failedFuture(new Refusal(FailureCode.ACCESS_DENIED)))
                            .failed())
                    .isTrue();
            assertThat(retry.call(() -> Future.failedFuture(new Refusal(FailureCode.BUSY)))
                            .isComplete())
                    .isFalse();
            retry.when(failure -> false);
            assertThat(retry.call(() -> Future.failedFuture("once")).failed()).isTrue();
        }

        @Test
        void pausesDoubleAndAreSpread() {
            assertThat(Retry.doubling(Duration.ofSeconds(1), Duration.ofSeconds(5), 9)
                            .backoff())
                    .containsExactly(
                            Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(5));
            retry.spread(0.5);
            for (int i = 0; i < 50; i++) {
                retry.call(() -> Future.failedFuture("no"));
            }
            assertThat(out).allSatisfy(line -> assertThat(Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
                    .isBetween(500, 1000));
            assertThat(out.stream().distinct().count()).isGreaterThan(1);
            assertThatThrownBy(() -> retry.spread(2)).hasMessageContaining("0 to 1");
            assertThatThrownBy(() -> new Retry(time, new RetryPolicy(List.of(), 1)))
                    .hasMessageContaining("1 pause or more");
        }
    }

    @Nested
    class Monitors {
        private final List<String> growth = new ArrayList<>();
        private final AtomicInteger count = new AtomicInteger();
        private final ListenerMonitor monitor = new ListenerMonitor(time, time, Duration.ofSeconds(1))
                .watch("clicks", count::get)
                .onGrowth(grown -> growth.add(grown.from() + " to " + grown.to()));

        @Test
        void whatOnlyGrowsIsSaidOnceAndAgainWhenDoubled() {
            for (int i = 0; i < 12; i++) {
                count.incrementAndGet();
                pass("1s");
            }
            assertThat(growth).containsExactly("1 to 9");
            for (int i = 0; i < 20; i++) {
                count.incrementAndGet();
                pass("1s");
            }
            assertThat(growth).containsExactly("1 to 9", "10 to 18");
        }

        @Test
        void whatComesAndGoesIsFine() {
            for (int i = 0; i < 100; i++) {
                count.set(5 + i % 4);
                pass("1s");
            }
            for (int i = 0; i < 20; i++) {
                count.set(100);
                pass("1s");
            }
            assertThat(growth).isEmpty();
        }

        @Test
        void aSeriesIsKeptAndBounded() {
            List<Integer> looked = new ArrayList<>();
            monitor.onLook(now -> now.values().forEach(sample -> looked.add(sample.count())));
            for (int i = 0; i < 200; i++) {
                count.set(7 + i % 2);
                pass("1s");
            }
            assertThat(monitor.names()).containsExactly("clicks");
            assertThat(monitor.series("clicks")).hasSize(120);
            assertThat(monitor.series("clicks").get(119).time()).isEqualTo(Instant.ofEpochSecond(200));
            assertThat(looked).hasSize(200).startsWith(7, 8, 7);
            assertThat(monitor.series("none")).isEmpty();
            monitor.close();
            pass("10s");
            assertThat(looked).hasSize(200);
        }
    }
}
