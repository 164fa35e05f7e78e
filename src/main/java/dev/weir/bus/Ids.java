package dev.weir.bus;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for events and sessions: 8 random characters that name this process, then a counter, so ids are unique over the cluster
 * without asking a random generator for each event. Not secret: who must not guess an id uses {@link #secret()}.
 */
public final class Ids {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String prefix;
    private final AtomicLong counter = new AtomicLong();

    /** Ids that share a new random prefix. */
    public Ids() {
        this.prefix = random(8) + "-";
    }

    /** The next id. */
    public String next() {
        return prefix + Long.toString(counter.incrementAndGet(), 36);
    }

    /** 22 characters that nobody can guess (113 bits). */
    public static String secret() {
        return random(22);
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
