package dev.weir.edge.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.KeptEvent;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a group remembers for those who catch up is bounded, and what is remembered is whole. */
class TailTest {
    private static final int KIB = 1024;

    private final Tail tail = new Tail();

    private static List<KeptEvent> events(long from, long to, int bytes) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(n -> new KeptEvent(n, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(new byte[bytes])))
                .toList();
    }

    @Test
    void largeEventsAreBoundedInBytes() {
        tail.begin(100);
        tail.add(events(101, 200, 64 * KIB));
        assertThat(tail.bytes()).isLessThanOrEqualTo(4L * KIB * KIB);
        assertThat(tail.from()).isGreaterThan(130);
        assertThat(tail.after(tail.from()).get(0).offset()).isEqualTo(tail.from() + 1);
        assertThat(tail.after(199)).hasSize(1);
        tail.add(events(201, 201, 5 * KIB * KIB));
        assertThat(tail.from()).as("one that is too large alone").isEqualTo(201);
        assertThat(tail.bytes()).isZero();
    }

    @Test
    void smallEventsAreBoundedInNumber() {
        tail.begin(0);
        tail.add(events(1, 10_500, 1));
        assertThat(tail.from()).isEqualTo(500);
        assertThat(tail.after(500)).hasSize(10_000);
        tail.begin(20_000);
        assertThat(tail.from()).isEqualTo(20_000);
        assertThat(tail.bytes()).isZero();
    }
}
