package dev.weir.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.emitter.CircuitBreaker.Permit;
import dev.weir.emitter.CircuitBreaker.State;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitBreakerTest {
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime(Instant.EPOCH);
    private final List<String> changes = new ArrayList<>();
    private final CircuitBreaker breaker = new CircuitBreaker(
                    "prices", new CircuitBreaker.Settings(0.5, 4, PAUSE, 3), time)
            .onTransition(change -> changes.add(
                    change.from().word() + " -> " + change.to().word() + " " + change.failed() + "/" + change.calls()));

    private void calls(boolean... succeeding) {
        for (boolean succeeds : succeeding) {
            Permit permit = acquire();
            if (succeeds) {
                permit.succeeded();
            } else {
                permit.failed();
            }
        }
    }

    private Permit acquire() {
        return Objects.requireNonNull(breaker.tryAcquire());
    }

    @Test
    void opensWhenEnoughOfTheLastCallsFailed() {
        calls(false, false, true);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        calls(true);
        assertThat(changes).containsExactly("closed -> open 2/4");
        assertThat(breaker.tryAcquire()).isNull();
        assertThat(breaker.refusesFor()).isEqualTo(PAUSE);
    }

    @Test
    void oldCallsAreForgotten() {
        calls(false, true, true, true, false, true, true, true, false);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        calls(false);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void probesDecideAfterThePause() {
        calls(false, false, false, false);
        time.advance(PAUSE.minusMillis(1));
        assertThat(breaker.tryAcquire()).isNull();
        time.advance(Duration.ofMillis(1));
        Permit first = acquire();
        Permit second = acquire();
        Permit third = acquire();
        assertThat(breaker.tryAcquire()).isNull();
        first.succeeded();
        second.failed();
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        third.failed();
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        time.advance(PAUSE);
        calls(false, true, true);
        assertThat(changes)
                .containsExactly(
                        "closed -> open 4/4",
                        "open -> half-open 0/0",
                        "half-open -> open 2/3",
                        "open -> half-open 0/0",
                        "half-open -> closed 1/3");
    }

    @Test
    void whatIsSaidOfACallCountsOnceAndOnlyInTheStateThatLetItThrough() {
        Permit old = acquire();
        calls(false, false, false, false);
        time.advance(PAUSE);
        Permit probe = acquire();
        old.failed();
        old.succeeded();
        probe.succeeded();
        probe.failed();
        probe.failed();
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    }

    @Test
    void aCancelledProbeIsGivenToSomebodyElse() {
        calls(false, false, false, false);
        time.advance(PAUSE);
        acquire().cancelled();
        calls(true, true, true);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        acquire().cancelled();
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void theWallClockIsOfNoMatter() {
        calls(false, false, false, false);
        time.set(Instant.EPOCH.plus(Duration.ofDays(1)));
        assertThat(breaker.tryAcquire()).isNull();
    }

    @Test
    void futuresSayHowCallsEnd() {
        CircuitBreaker futures = new CircuitBreaker("f", new CircuitBreaker.Settings(1, 2, PAUSE, 1), time)
                .countsAsFailure(failure -> !(failure instanceof IllegalArgumentException));
        for (int i = 0; i < 5; i++) {
            futures.call(() -> Future.failedFuture(new IllegalArgumentException()));
        }
        assertThat(futures.state()).isEqualTo(State.CLOSED);
        futures.call(() -> Future.failedFuture("no"));
        assertThat(futures.call(() -> {
                            throw new IllegalStateException("thrown");
                        })
                        .cause())
                .hasMessage("thrown");
        assertThat(futures.state()).isEqualTo(State.OPEN);
        assertThat(futures.call(() -> Future.succeededFuture(1)).cause())
                .isInstanceOf(CircuitBreaker.OpenException.class)
                .hasMessageContaining("the circuit breaker f is open");
        time.advance(PAUSE);
        assertThat(futures.call(() -> Future.succeededFuture(1)).result()).isEqualTo(1);
        assertThat(futures.state()).isEqualTo(State.CLOSED);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 20, 10", "0.07, 100, 7", "0.01, 20, 1", "1, 3, 3", "0.34, 3, 2"})
    void theShareIsRoundedUp(double share, int of, int failures) {
        CircuitBreaker some = new CircuitBreaker("s", new CircuitBreaker.Settings(share, of, PAUSE, 1), time);
        List<Boolean> calls = new ArrayList<>();
        for (int i = 0; i < of; i++) {
            calls.add(i < failures - 1);
        }
        for (boolean failed : calls) {
            Permit permit = Objects.requireNonNull(some.tryAcquire());
            if (failed) {
                permit.failed();
            } else {
                permit.succeeded();
            }
        }
        assertThat(some.state()).isEqualTo(State.CLOSED);
        for (int i = 0; i < of && some.state() == State.CLOSED; i++) {
            Objects.requireNonNull(some.tryAcquire()).failed();
        }
        assertThat(some.state()).isEqualTo(State.OPEN);
    }

    /** Against a list of the last calls, which is slower and plainly right. */
    @Test
    void theRingCountsLikeAList() {
        Random random = new Random(7);
        CircuitBreaker some = new CircuitBreaker("r", new CircuitBreaker.Settings(0.8, 10, PAUSE, 1), time);
        List<Boolean> last = new ArrayList<>();
        for (int i = 0; i < 20_000 && some.state() == State.CLOSED; i++) {
            boolean failed = random.nextInt(100) < 45;
            last.add(failed);
            Permit permit = Objects.requireNonNull(some.tryAcquire());
            if (failed) {
                permit.failed();
            } else {
                permit.succeeded();
            }
            List<Boolean> ten = last.subList(Math.max(0, last.size() - 10), last.size());
            boolean opens = ten.size() == 10 && ten.stream().filter(one -> one).count() >= 8;
            assertThat(some.state() == State.OPEN).isEqualTo(opens);
        }
        assertThat(some.state()).isEqualTo(State.OPEN);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new CircuitBreaker.Settings(0, 20, PAUSE, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("failures is above 0");
        assertThatThrownBy(() -> new CircuitBreaker.Settings(0.5, 20, Duration.ZERO, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pause");
    }
}
