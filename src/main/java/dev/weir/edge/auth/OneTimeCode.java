package dev.weir.edge.auth;

import dev.weir.time.Clock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A code of 128 random bits that is good once, for a quarter of an hour, and not after another was made. Thread-safe. */
final class OneTimeCode {
    static final Duration GOOD_FOR = Duration.ofMinutes(15);

    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Offered(String code, long endNanos) {}

    private final Clock clock;
    private final AtomicReference<@Nullable Offered> offered = new AtomicReference<>();

    OneTimeCode(Clock clock) {
        this.clock = clock;
    }

    /** A new code; any before is good no more. */
    String offer() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        String code = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        offered.set(new Offered(code, clock.nanos() + GOOD_FOR.toNanos()));
        return code;
    }

    /** Takes it back. */
    void withdraw() {
        offered.set(null);
    }

    /** Whether it is the code and was not used before; it is used now. */
    boolean use(String code) {
        Offered now = offered.get();
        return now != null
                && clock.nanos() - now.endNanos < 0
                && MessageDigest.isEqual(
                        now.code.getBytes(StandardCharsets.UTF_8), code.getBytes(StandardCharsets.UTF_8))
                && offered.compareAndSet(now, null);
    }
}
