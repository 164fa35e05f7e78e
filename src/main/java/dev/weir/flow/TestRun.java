package dev.weir.flow;

import dev.weir.time.VirtualTime;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One test's flow at work. With moments to restart at, it keeps what happened, ends, and begins anew from what was kept, between any
 * two events and while time passes. Owned by the thread of its test.
 */
final class TestRun {
    private final FlowSpec flow;
    private final TestLane lane;
    private final VirtualTime time;
    private final @Nullable Random moments;
    private Pipeline pipeline;
    private boolean ended;

    /** @param moments null to run through */
    TestRun(FlowSpec flow, TestLane lane, VirtualTime time, @Nullable Random moments) {
        this.flow = flow;
        this.lane = lane;
        this.time = time;
        this.moments = moments;
        this.pipeline = new Pipeline(flow, lane);
        lane.onLeft(() -> pipeline.goOn());
    }

    void accept(FlowEvent event) {
        String address = event.arrival().input();
        Latest table = lane.table(address);
        if (table != null) {
            table.put(event.key(), event.data());
        }
        if (table == null || flow.from().stream().anyMatch(input -> input.name().equals(address))) {
            pipeline.accept(event);
        }
        if (moments != null && moments.nextBoolean()) {
            restart();
        }
    }

    /** Lets time pass up to a time from the beginning of the test. */
    void advanceTo(Duration at) {
        long left = at.toMillis() - time.nanos() / 1_000_000;
        if (moments != null && left > 1 && moments.nextBoolean()) {
            long some = 1 + (long) (moments.nextDouble() * (left - 1));
            time.advance(Duration.ofMillis(some));
            left -= some;
            restart();
        }
        if (left > 0) {
            time.advance(Duration.ofMillis(left));
        }
    }

    private void restart() {
        lane.commit();
        pipeline.close();
        pipeline = new Pipeline(flow, lane);
        var kept = lane.store().standing();
        pipeline.remember(kept.states());
        pipeline.takeUp(kept.parked());
        pipeline.begin();
        if (ended) {
            pipeline.end();
        }
    }

    /** The inputs end. */
    void end() {
        ended = true;
        pipeline.end();
    }

    void close() {
        pipeline.close();
    }
}
