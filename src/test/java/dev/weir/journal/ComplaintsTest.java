package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
    @Test
    void whatStaysIsSaidOnceAMinute() {
        VirtualTime time = new VirtualTime(Instant.EPOCH);
        Complaints complaints = new Complaints(time);
        assertThat(complaints.say("the server is gone")).isTrue();
        time.advance(Duration.ofSeconds(59));
        assertThat(complaints.say("the server is gone")).isFalse();
        assertThat(complaints.say("the disk is full")).isTrue();
        time.advance(Duration.ofMinutes(1));
        assertThat(complaints.say("the disk is full")).isTrue();
    }
}
