package dev.weir.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How often may be tried. */
class SignInLimitsTest {
    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final SignInLimits limits = new SignInLimits(time);

    private static Refusal refused(Runnable attempt) {
        Refusal refusal = catchThrowableOfType(Refusal.class, attempt::run);
        assertThat(refusal.code()).isEqualTo(FailureCode.TOO_FAST);
        return refusal;
    }

    @Test
    void aClientHasTenAttemptsAndThenOneInTenSeconds() {
        for (int i = 0; i < SignInLimits.PER_CLIENT; i++) {
            limits.tried("192.0.2.1");
        }
        assertThat(refused(() -> limits.tried("192.0.2.1")).retryAfterMillis()).isBetween(9_000L, 10_000L);
        limits.tried("192.0.2.2");
        time.advance(Duration.ofSeconds(9));
        refused(() -> limits.tried("192.0.2.1"));
        time.advance(Duration.ofSeconds(1));
        limits.tried("192.0.2.1");
        refused(() -> limits.tried("192.0.2.1"));
    }

    @Test
    void aNameHasThirtyFromAllClientsTogether() {
        for (int i = 0; i < SignInLimits.PER_NAME; i++) {
            limits.tried("192.0.2." + i, "ann");
        }
        refused(() -> limits.tried("198.51.100.1", "ann"));
        limits.tried("198.51.100.1", "bob");
        time.advance(Duration.ofSeconds(5));
        limits.tried("198.51.100.1", "ann");
    }

    @Test
    void whoSignedInFromSomewhereIsNotKeptOutThereByOthers() {
        limits.tried("203.0.113.7", "ann");
        limits.succeeded("203.0.113.7", "ann");
        for (int i = 0; i < SignInLimits.PER_NAME; i++) {
            limits.tried("192.0.2." + i, "ann");
        }
        refused(() -> limits.tried("198.51.100.1", "ann"));
        limits.tried("203.0.113.7", "ann");
    }

    @Test
    void whatSucceedsDoesNotCount() {
        for (int i = 0; i < 100; i++) {
            limits.tried("192.0.2.1", "ann");
            limits.succeeded("192.0.2.1", "ann");
        }
    }

    @Test
    void addressesOfOneNetworkOfVersion6CountAsOne() {
        for (int i = 0; i < SignInLimits.PER_CLIENT; i++) {
            limits.tried("2001:db8:0:1::" + i);
        }
        refused(() -> limits.tried("2001:db8:0:1:ffff::1"));
        limits.tried("2001:db8:0:2::1");
    }
}
