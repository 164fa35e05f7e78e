package dev.weir.edge.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Counters;
import dev.weir.config.AddressConfig.Slow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a session that reads too slowly gets, by the rule of the address. */
class OutletTest {
    private final Counters counters = new Counters();
    private final TestOutlet outlet = new TestOutlet(100);

    @Test
    void aFastSessionGetsBatchesAsTheyAre() {
        batch(Slow.DISCONNECT, "one", "two");
        assertThat(outlet.written).containsExactly("onetwo");
        assertThat(outlet.waitingBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Slow.class)
    void framesWaitInOrderAndTheSessionRejoins(Slow slow) {
        outlet.writable = false;
        batch(slow, "1", "2");
        batch(slow, "3");
        outlet.offer(Unpooled.copiedBuffer("reply", StandardCharsets.UTF_8));
        assertThat(outlet.written).isEmpty();
        assertThat(counters.queuedBytes.sum()).isEqualTo(8);
        outlet.writable = true;
        outlet.drained();
        assertThat(String.join("", outlet.written)).isEqualTo("123reply");
        batch(slow, "4");
        assertThat(outlet.written).last().isEqualTo("4");
        assertThat(counters.queuedBytes.sum()).isZero();
        assertThat(counters.heldBytes.sum()).isZero();
    }

    @Test
    void disconnectClosesAtTheBoundAndHoldsNothing() {
        outlet.writable = false;
        batch(Slow.DISCONNECT, "x".repeat(60));
        assertThat(outlet.closed).isFalse();
        batch(Slow.DISCONNECT, "y".repeat(60));
        assertThat(outlet.closed).isTrue();
        assertThat(counters.slowDisconnects.sum()).isEqualTo(1);
        assertThat(counters.queuedBytes.sum()).isZero();
        assertThat(counters.heldBytes.sum()).isZero();
    }

    @Test
    void dropOldestKeepsTheNewestAndTellsTheGap() {
        outlet.writable = false;
        for (int i = 0; i < 10; i++) {
            batch(Slow.DROP_OLDEST, i + "x".repeat(29));
        }
        assertThat(outlet.closed).isFalse();
        assertThat(counters.slowDrops.sum()).isEqualTo(7);
        outlet.writable = true;
        outlet.drained();
        assertThat(outlet.written).first().isEqualTo("gap a 7");
        assertThat(outlet.written.stream().skip(1).map(frame -> frame.charAt(0)))
                .containsExactly('7', '8', '9');
    }

    @Test
    void conflateKeepsTheNewestOfEachKey() {
        outlet.writable = false;
        for (int i = 0; i < 50; i++) {
            conflated("k" + i % 2, "k" + i % 2 + "=" + i + ";");
        }
        outlet.writable = true;
        outlet.drained();
        assertThat(outlet.written).containsExactly("k0=48;", "k1=49;");
        assertThat(counters.slowConflations.sum()).isEqualTo(48);
    }

    @Test
    void sharedBytesCountOnceAndTheLongestQueueIsShed() {
        Backlog backlog = new Backlog(counters, 50);
        TestOutlet longer = new TestOutlet(1000);
        TestOutlet shorter = new TestOutlet(1000);
        for (TestOutlet each : List.of(longer, shorter)) {
            each.writable = false;
            each.attach(backlog);
        }
        Batch shared = make(Slow.DISCONNECT, List.of(""), "s".repeat(30));
        longer.offer(shared);
        shorter.offer(shared);
        shared.release();
        assertThat(counters.heldBytes.sum()).isEqualTo(30);
        Batch own = make(Slow.DISCONNECT, List.of(""), "o".repeat(30));
        longer.offer(own);
        own.release();
        assertThat(longer.closed).isTrue();
        assertThat(shorter.closed).isFalse();
        assertThat(counters.heldBytes.sum()).isEqualTo(30);
    }

    @Test
    void aTransportThatTakesFramesAtOnceOrFailsIsCountedRight() {
        outlet.writable = false;
        batch(Slow.DROP_OLDEST, "1", "2", "3");
        outlet.writable = true;
        outlet.onWrite = outlet::drained;
        outlet.drained();
        assertThat(String.join("", outlet.written)).isEqualTo("123");
        assertThat(counters.queuedBytes.sum()).isZero();
        outlet.writable = false;
        batch(Slow.DROP_OLDEST, "4", "5", "6");
        outlet.writable = true;
        outlet.onWrite = outlet::close;
        outlet.drained();
        assertThat(String.join("", outlet.written)).isEqualTo("1234");
        assertThat(counters.queuedBytes.sum()).isZero();
        assertThat(counters.heldBytes.sum()).isZero();
    }

    private void batch(Slow slow, String... frames) {
        Batch batch = make(slow, Collections.nCopies(frames.length, slow == Slow.CONFLATE ? frames[0] : ""), frames);
        outlet.offer(batch);
        batch.release();
    }

    private void conflated(String key, String frame) {
        Batch batch = make(Slow.CONFLATE, List.of(key), frame);
        outlet.offer(batch);
        batch.release();
    }

    private Batch make(Slow slow, List<String> keys, String... frames) {
        ByteBuf scratch = Unpooled.buffer();
        int[] ends = new int[frames.length];
        List<String> own = new ArrayList<>();
        for (int i = 0; i < frames.length; i++) {
            scratch.writeCharSequence(frames[i], StandardCharsets.UTF_8);
            ends[i] = scratch.writerIndex();
            own.add(slow == Slow.CONFLATE && frames.length > 1 ? frames[i] : keys.get(i));
        }
        return new Batch("a", slow, scratch, ends, own, UnpooledByteBufAllocator.DEFAULT, counters);
    }

    private final class TestOutlet extends Outlet {
        private final List<String> written = new ArrayList<>();
        private boolean writable = true;
        private boolean closed;
        private Runnable onWrite = () -> {};

        TestOutlet(long bound) {
            super(WireFormat.RAW, bound, counters);
        }

        @Override
        protected boolean isWritable() {
            return writable;
        }

        @Override
        protected void write(ByteBuf frames) {
            written.add(frames.toString(StandardCharsets.UTF_8));
            frames.release();
            onWrite.run();
        }

        @Override
        protected void flush() {}

        @Override
        protected void closeSlow() {
            closed = true;
        }

        @Override
        protected ByteBuf gapFrame(String address, int dropped) {
            return Unpooled.copiedBuffer("gap " + address + " " + dropped, StandardCharsets.UTF_8);
        }
    }
}
