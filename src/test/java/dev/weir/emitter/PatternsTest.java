package dev.weir.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.event.Event;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What programs made of events always need, on a clock that moves when told to. */
class PatternsTest {
    private final VirtualTime time = new VirtualTime(Instant.EPOCH);

    private void pass(String duration) {
        time.advance(dev.weir.time.Durations.parse(duration));
    }

    private static Event event(String type, String key, int data) {
        return Event.builder()
                .id("1")
                .source("/t")
                .type(type)
                .subject(key)
                .time(Instant.EPOCH)
                .data(data)
                .build();
    }

    @Nested
    class Aggregators {
        private final List<String> out = new ArrayList<>();
        private final EventAggregator aggregator = new EventAggregator(time)
                .onComplete(done -> out.add(done.key() + " " + done.by().word() + " "
                        + done.events().stream().map(Event::data).toList()));

        @Test
        void allTypesOfAKeyMakeItWhole() {
            aggregator.all("paid", "packed").within(Duration.ofMinutes(1));
            aggregator.add(event("paid", "a", 1));
            aggregator.add(event("paid", "b", 2));
            aggregator.add(event("paid", "a", 3));
            assertThat(out).isEmpty();
            aggregator.add(event("packed", "a", 4));
            assertThat(out).containsExactly("a all [1, 3, 4]");
            assertThat(aggregator.open()).isEqualTo(1);
        }

        @Test
        void aConditionMakesItWhole() {
            aggregator.until(events -> events.size() == 2);
            aggregator.add(event("x", "a", 1));
            aggregator.add(event("y", "a", 2));
            aggregator.add(event("x", "a", 3));
            assertThat(out).containsExactly("a condition [1, 2]");
        }

        @Test
        void theTimeRunsFromTheFirstEvent() {
            aggregator.all("x", "y").within(Duration.ofSeconds(10));
            aggregator.add(event("x", "a", 1));
            pass("9s");
            aggregator.add(event("x", "a", 2));
            pass("1s");
            assertThat(out).containsExactly("a timeout [1, 2]");
            aggregator.add(event("y", "a", 3));
            assertThat(aggregator.open()).isEqualTo(1);
        }

        @Test
        void whatIsWholeDoesNotEndASecondTime() {
            aggregator.all("x").within(Duration.ofSeconds(10));
            aggregator.add(event("x", "a", 1));
            pass("5s");
            aggregator.add(event("y", "a", 2));
            pass("5s");
            assertThat(out).containsExactly("a all [1]");
            pass("5s");
            assertThat(out).containsExactly("a all [1]", "a timeout [2]");
        }

        @Test
        void theOldestGivesWayAndTheRestIsHandedOnAtTheEnd() {
            aggregator.within(Duration.ofHours(1)).atMost(2);
            aggregator.add(event("x", "a", 1));
            aggregator.add(event("x", "b", 2));
            aggregator.add(event("x", "c", 3));
            assertThat(out).containsExactly("a full [1]");
            aggregator.close();
            assertThat(out).containsExactly("a full [1]", "b closed [2]", "c closed [3]");
            pass("2h");
            assertThat(out).hasSize(3);
        }

        @Test
        void theKeyIsWhatOneSaysAndAListenerThatThrowsHurtsNobody() {
            EventAggregator parity = new EventAggregator(time)
                    .by(event -> event.data() instanceof Integer n ? "" + n % 2 : null)
                    .until(events -> events.size() == 2)
                    .onComplete(done -> {
                        throw new IllegalStateException("on purpose");
                    })
                    .onComplete(done -> out.add(done.key() + done.isWhole() + done.of("x")));
            for (int i = 1; i <= 3; i++) {
                parity.add(event("y", "k" + i, i));
            }
            assertThat(out).containsExactly("1truenull");
        }

        @Test
        void itAsksForWhatIsMissing() {
            assertThatThrownBy(() -> aggregator.add(event("x", "a", 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("all(...), until(...) or within(...)");
            assertThatThrownBy(() -> aggregator.atMost(0)).hasMessageContaining("at least one");
        }
    }

    @Nested
    class Buffers {
        private final List<String> out = new ArrayList<>();
        private final List<Promise<Void>> underWay = new ArrayList<>();
        private final EventBuffer.Settings settings =
                new EventBuffer.Settings(Duration.ofMillis(100), 3, Duration.ofMillis(250));
        private final EventBuffer<Integer> buffer = new EventBuffer<>(time, time, settings, batch -> {
            out.add(batch.by().word() + batch.items());
            return Future.succeededFuture();
        });
        private final EventBuffer<Integer> slow = new EventBuffer<>(time, time, settings, batch -> {
            out.add(batch.by().word() + batch.items());
            Promise<Void> done = Promise.promise();
            underWay.add(done);
            return done.future();
        });

        @Test
        void aPauseASizeOrTheLongestWaitMakesABatch() {
            buffer.add(1);
            pass("99ms");
            buffer.add(2);
            pass("99ms");
            assertThat(out).isEmpty();
            pass("1ms");
            assertThat(out).containsExactly("pause[1, 2]");
            buffer.add(3);
            buffer.add(4);
            buffer.add(5);
            assertThat(out).containsExactly("pause[1, 2]", "size[3, 4, 5]");
            buffer.add(6);
            pass("90ms");
            buffer.add(7);
            pass("90ms");
            assertThat(buffer.size()).isEqualTo(2);
            pass("9ms");
            assertThat(out).hasSize(2);
            pass("1ms");
            assertThat(out).containsExactly("pause[1, 2]", "size[3, 4, 5]", "pause[6, 7]");
        }

        @Test
        void theFirstDoesNotWaitForEver() {
            EventBuffer<Integer> patient = new EventBuffer<>(
                    time, time, new EventBuffer.Settings(Duration.ofMillis(100), 99, Duration.ofMillis(250)), batch -> {
                        out.add(batch.by().word() + batch.items() + time.nanos() / 1_000_000);
                        return Future.succeededFuture();
                    });
            for (int i = 0; i < 6; i++) {
                patient.add(i);
                pass("60ms");
            }
            assertThat(out).containsExactly("longest[0, 1, 2, 3, 4]250");
        }

        @Test
        void batchesGoOneAfterAnotherAndTheirFutureTells() {
            Future<Void> first = slow.add(1);
            Future<Void> asked = slow.flush();
            Future<Void> second = slow.add(2);
            Future<Void> closed = slow.close();
            assertThat(out).containsExactly("asked[1]");
            assertThat(slow.size()).isEqualTo(2);
            underWay.get(0).fail("no");
            assertThat(first.cause()).hasMessage("no");
            assertThat(asked.succeeded()).isTrue();
            assertThat(out).containsExactly("asked[1]", "closed[2]");
            assertThat(second.isComplete()).isFalse();
            underWay.get(1).complete();
            assertThat(second.succeeded() && closed.succeeded()).isTrue();
            assertThat(slow.size()).isZero();
            assertThat(slow.add(3).cause()).hasMessageContaining("closed");
        }

        @Test
        void whatAReceiverThrowsIsAFailureOfItsBatchAlone() {
            EventBuffer<Integer> throwing = new EventBuffer<>(time, time, settings, batch -> {
                if (batch.items().contains(1)) {
                    throw new IllegalArgumentException("not 1");
                }
                return Future.succeededFuture();
            });
            Future<Void> bad = throwing.add(1);
            throwing.flush();
            Future<Void> good = throwing.add(2);
            throwing.flush();
            assertThat(bad.cause()).hasMessage("not 1");
            assertThat(good.succeeded()).isTrue();
        }

        @Test
        void settingsOutOfRangeAreRefused() {
            assertThatThrownBy(() -> new EventBuffer.Settings(Duration.ZERO, 1, Duration.ZERO))
                    .hasMessageContaining("pause above 0");
            assertThatThrownBy(() -> new EventBuffer.Settings(Duration.ofSeconds(2), 1, Duration.ofSeconds(1)))
                    .hasMessageContaining("longest");
        }
    }

    @Nested
    class Breakers {
        @Test
        void aCallThatTakesTooLongCounts() {
            CircuitBreaker breaker = new CircuitBreaker(
                            "slow", new CircuitBreaker.Settings(1, 1, Duration.ofSeconds(10), 1), time)
                    .within(Duration.ofSeconds(2), time);
            List<Promise<String>> calls = new ArrayList<>();
            Future<String> late = breaker.<Integer, String>around(n -> {
                        Promise<String> call = Promise.promise();
                        calls.add(call);
                        return call.future();
                    })
                    .apply(1);
            pass("2s");
            assertThat(late.cause()).isInstanceOf(TimeoutException.class).hasMessageContaining("slow did not answer");
            assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
            calls.get(0).complete("too late");
            assertThat(breaker.call(() -> Future.succeededFuture(1)).cause())
                    .isInstanceOf(CircuitBreaker.OpenException.class);
            pass("10s");
            Future<String> quick = breaker.call(() -> {
                Promise<String> call = Promise.promise();
                calls.add(call);
                return call.future();
            });
            calls.get(1).complete("quick");
            assertThat(quick.result()).isEqualTo("quick");
            pass("1m");
            assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
        }

        @Test
        void aListenerThatThrowsDoesNotKeepItFromOpening() {
            CircuitBreaker breaker = new CircuitBreaker(
                            "b", new CircuitBreaker.Settings(1, 1, Duration.ofSeconds(10), 1), time)
                    .onTransition(change -> {
                        throw new IllegalStateException("on purpose");
                    });
            breaker.call(() -> Future.failedFuture("no"));
            assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
        }
    }

    @Test
    void aSafeEmitTellsEveryoneAndWhatTheyThrew() {
        List<String> heard = new ArrayList<>();
        List<Consumer<String>> listeners = new ArrayList<>();
        listeners.add(heard::add);
        listeners.add(text -> {
            throw new IllegalStateException("on purpose");
        });
        listeners.add(text -> listeners.add(heard::add));
        SafeEmit.Outcome outcome = SafeEmit.to(listeners, "x");
        assertThat(outcome.heard()).isEqualTo(3);
        assertThat(outcome.failures()).singleElement().hasToString("java.lang.IllegalStateException: on purpose");
        assertThat(outcome.isClean()).isFalse();
        assertThat(heard).containsExactly("x");
    }
}
