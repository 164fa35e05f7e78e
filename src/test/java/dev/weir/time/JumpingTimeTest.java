package dev.weir.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JumpingTimeTest {
    private Vertx vertx;
    private JumpingTime time;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
        time = JumpingTime.install(vertx);
    }

    @AfterEach
    void end() {
        vertx.close().await();
    }

    @Test
    void aJumpRunsWhatFallsDueInOrderAtItsTimeOnItsContext() {
        List<String> ran = new CopyOnWriteArrayList<>();
        long start = time.nanos();
        for (int seconds : new int[] {30, 10, 50}) {
            Context context = vertx.getOrCreateContext();
            context.runOnContext(go -> Timers.of(vertx)
                    .after(
                            Duration.ofSeconds(seconds),
                            () -> ran.add(seconds + " at " + (time.nanos() - start) / 10_000_000_000L + " "
                                    + (Vertx.currentContext() == context))));
        }
        await().until(() -> set() == 3);
        time.advance(Duration.ofSeconds(45)).await();
        assertThat(ran).containsExactly("10 at 1 true", "30 at 3 true");
        time.advance(Duration.ofSeconds(45)).await();
        assertThat(ran).hasSize(3);
        assertThat(set()).isZero();
    }

    private int set() {
        return time.waiting();
    }

    @Test
    void periodsFireEachTimeAndClocksMove() {
        AtomicInteger fired = new AtomicInteger();
        Timers.Timer timer = time.every(Duration.ofMillis(100), fired::incrementAndGet);
        long millis = Clock.of(vertx).millis();
        long nanos = Clock.of(vertx).nanos();
        time.advance(Duration.ofHours(1)).await();
        assertThat(fired).hasValue(36_000);
        assertThat(Clock.of(vertx).millis() - millis).isGreaterThanOrEqualTo(3_599_999);
        assertThat(Clock.of(vertx).nanos() - nanos)
                .isGreaterThanOrEqualTo(Duration.ofHours(1).toNanos());
        timer.cancel();
        time.advance(Duration.ofHours(1)).await();
        assertThat(fired).hasValue(36_000);
    }

    @Test
    void timeGoesOnByItselfAlsoAfterAJump() {
        AtomicInteger fired = new AtomicInteger();
        time.after(Duration.ofMillis(20), fired::incrementAndGet);
        await().until(() -> fired.get() == 1);
        time.after(Duration.ofHours(1), fired::incrementAndGet);
        time.advance(Duration.ofHours(1).minusMillis(50)).await();
        await().until(() -> fired.get() == 2);
    }

    @Test
    void timersEndWithTheirVerticle() {
        AtomicInteger fired = new AtomicInteger();
        String id = vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() throws Exception {
                        Timers.of(vertx).every(Duration.ofSeconds(1), fired::incrementAndGet);
                        return super.start();
                    }
                })
                .await();
        time.advance(Duration.ofSeconds(2)).await();
        assertThat(fired).hasValueGreaterThanOrEqualTo(2);
        vertx.undeploy(id).await();
        int until = fired.get();
        time.advance(Duration.ofSeconds(5)).await();
        assertThat(fired).hasValue(until);
        assertThat(set()).isZero();
    }

    @Test
    void otherInstancesHaveTheTimeOfTheMachine() {
        Vertx other = Vertx.vertx();
        assertThat(Clock.of(other)).isSameAs(Clock.system());
        other.close().await();
    }
}
