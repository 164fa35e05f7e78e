package dev.weir.edge.fanout;

import static dev.weir.edge.fanout.FanoutFixture.hasAll;
import static dev.weir.edge.fanout.FanoutFixture.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Head;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Refusal;
import dev.weir.edge.fanout.FanoutFixture.TestOutlet;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to sessions on their way while their log, their policy or their connection ends, at the moments that matter: the test
 * holds up what the journal answers. In the end nobody waits in vain and no memory is held.
 */
class ReplayRacesTest {
    private FanoutFixture bench;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        bench = new FanoutFixture(home);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private void nothingIsHeld() {
        patiently().until(() -> {
            // What was read is kept for a moment.
            bench.pass(Duration.ofSeconds(2));
            return bench.counters.replays.sum() == 0 && bench.used() == 0;
        });
        assertThat(bench.counters.queuedBytes.sum()).isZero();
        assertThat(bench.counters.heldBytes.sum()).isZero();
    }

    private TestOutlet stalled(String epoch, long offset) throws Exception {
        TestOutlet outlet = bench.fresh(true);
        outlet.stalls = true;
        bench.join(outlet, epoch, offset);
        patiently().until(() -> !outlet.offsets.isEmpty());
        return outlet;
    }

    private static Head anew(Head head) {
        return new Head("anew", head.head(), head.floor());
    }

    @Test
    void whoeverEndsOnTheWayLeavesNothingBehind() throws Exception {
        String epoch = bench.publish(1_200);
        TestOutlet stuck = bench.resume(epoch, 0, false);
        TestOutlet left = stalled(epoch, 0);
        TestOutlet broken = bench.fresh(true);
        broken.breaks = true;
        bench.join(broken, epoch, 100);
        TestOutlet good = bench.resume(epoch, 0, true);
        bench.publish(20);
        hasAll(good, 1, 1_220);
        patiently().until(() -> !broken.offsets.isEmpty());
        bench.leave(left);
        bench.leave(stuck);
        bench.reads = read -> Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE));
        bench.pass(Duration.ofSeconds(5));
        bench.pass(Duration.ofSeconds(5));
        TestOutlet unlucky = bench.resume(epoch, 0, true);
        patiently().until(() -> unlucky.closed);
        bench.leave(good);
        nothingIsHeld();
    }

    @Test
    void whoIsOnTheWayWhenTheLogBeginsAnewComesAgain() throws Exception {
        String epoch = bench.publish(1_200);
        TestOutlet member = bench.resume(epoch, 1_200, true);
        TestOutlet onTheWay = stalled(epoch, 0);
        Promise<Void> answered = Promise.promise();
        bench.heads = head -> head.compose(old -> answered.future().map(old));
        TestOutlet onItsWayIn = bench.resume(epoch, 0, true);
        bench.heads = head -> head.map(ReplayRacesTest::anew);
        patiently().until(() -> {
            bench.pass(Duration.ofSeconds(1));
            return member.closed && onTheWay.closed;
        });
        answered.complete();
        patiently().until(() -> onItsWayIn.closed);
        assertThat(onItsWayIn.offsets).isEmpty();
        nothingIsHeld();
    }

    @Test
    void whoIsOnItsWayInWhenThePolicyKeepsNothingAnyMoreComesAgain() throws Exception {
        String epoch = bench.publish(10);
        TestOutlet member = bench.resume(epoch, 10, true);
        bench.publish(1);
        hasAll(member, 11, 11);
        Promise<Void> answered = Promise.promise();
        bench.heads = head -> head.compose(old -> answered.future().map(old));
        TestOutlet onItsWayIn = bench.resume(epoch, 0, true);
        bench.on(() -> {
            bench.fanout.adopt(address -> bench.plain);
            return null;
        });
        answered.complete();
        patiently().until(() -> member.closed && onItsWayIn.closed);
        nothingIsHeld();
    }

    @Test
    void whoKnowsANewerLogThanItsNodeIsNotGivenTheOldOne() throws Exception {
        String epoch = bench.publish(100);
        TestOutlet member = bench.resume(epoch, 0, true);
        hasAll(member, 1, 100);
        bench.heads = head -> head.map(ReplayRacesTest::anew);
        TestOutlet ahead = bench.resume("anew", 10, true);
        patiently().until(() -> ahead.closed || !ahead.offsets.isEmpty());
        assertThat(ahead.offsets).isEmpty();
        assertThat(member.closed).isFalse();
    }

    @Test
    void whatCannotBeWrittenEndsItsSessionsAndNoOthers() throws Exception {
        String epoch = bench.publish(100);
        bench.reads = read -> read.map(ReplayRacesTest::poisoned);
        TestOutlet unlucky = bench.resume(epoch, 0, true);
        patiently().until(() -> unlucky.closed);
        assertThat(unlucky.offsets).as("nothing is passed over in silence").isEmpty();
        bench.reads = read -> read;
        // Long enough for what was read to be read again.
        bench.pass(Duration.ofSeconds(5));
        bench.pass(Duration.ofSeconds(5));
        TestOutlet lucky = bench.resume(epoch, 0, true);
        hasAll(lucky, 1, 100);
        bench.leave(lucky);
        nothingIsHeld();
    }

    private static Kept poisoned(Kept page) {
        List<KeptEvent> events = new ArrayList<>(page.events());
        KeptEvent good = events.get(20);
        events.set(20, new KeptEvent(good.offset(), good.headers(), new JsonObject().put("no", new Unwritable())));
        return new Kept(page.address(), page.head(), page.from(), page.to(), events);
    }

    /** No encoder knows it. */
    private static final class Unwritable {}

    @Test
    void whereverSessionsAreInTheTailMemoryIsBounded() throws Exception {
        String epoch = bench.publish(10);
        TestOutlet stuck = bench.resume(epoch, 0, false);
        patiently().until(() -> bench.counters.replays.sum() == 1);
        bench.publish(1_000, 2_000);
        List<TestOutlet> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(stalled(epoch, 900 - i));
        }
        assertThat(bench.used()).isLessThan(2 << 20);
        for (TestOutlet each : all) {
            bench.leave(each);
        }
        bench.leave(stuck);
        nothingIsHeld();
    }
}
