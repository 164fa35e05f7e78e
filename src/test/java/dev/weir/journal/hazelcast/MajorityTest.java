package dev.weir.journal.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.Ports;
import dev.weir.time.VirtualTime;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MajorityTest {
    private static final List<UUID> ALL =
            Stream.generate(UUID::randomUUID).limit(5).toList();

    private final VirtualTime time = new VirtualTime(Instant.EPOCH);

    private Majority of(int count) {
        return new Majority(ALL.get(0), ALL.subList(0, count), time);
    }

    private static void here(Majority majority, int count) {
        majority.changed(ALL.subList(0, count), null);
    }

    @Test
    void halfIsNotEnoughWhereMoreThanTwoWere() {
        Majority three = of(3);
        here(three, 2);
        assertThat(three.trouble()).isEmpty();
        here(three, 1);
        assertThat(three.trouble().orElseThrow()).contains("only 1 of 3 members");
        time.advance(Duration.ofHours(1));
        assertThat(three.trouble()).isPresent();
        here(three, 2);
        assertThat(three.trouble()).isEmpty();
        Majority four = of(4);
        here(four, 2);
        assertThat(four.trouble()).isPresent();
    }

    @Test
    void oneAfterTheOtherMayGo() {
        Majority five = of(5);
        for (int left = 4; left >= 1; left--) {
            here(five, left);
            assertThat(five.trouble()).isEmpty();
            time.advance(Duration.ofSeconds(31));
        }
        here(five, 5);
        here(five, 2);
        assertThat(five.trouble()).isPresent();
    }

    @Test
    void aPortThatRefusesHasNobodyBehindItAndOneThatAnswersHas() throws Exception {
        assertThat(Majority.isDead("127.0.0.1", Ports.free())).isTrue();
        try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Majority.isDead("127.0.0.1", open.getLocalPort())).isFalse();
        }
    }
}
