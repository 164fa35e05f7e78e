package dev.weir.bus;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The {@code traceparent} of the W3C Trace Context: {@code 00-<trace id>-<span id>-<flags>}. Written by hand because every event
 * has one: no pattern, no formatter, and random numbers that never wait for entropy. Trace ids are for finding, not for hiding.
 * Pure functions, but for chance.
 */
public final class TraceParent {
    /** The header. */
    public static final String NAME = "traceparent";

    static final String STATE = "tracestate";

    private static final int LENGTH = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".length();
    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;
    private static final int SAMPLED = 0x01;
    /** Sampled, and a trace id of random bytes. All others are to be sent as zero. */
    private static final int KNOWN_FLAGS = 0x03;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private TraceParent() {}

    /** Begins a trace: its id is random, of which the low half decides whether it is sampled. */
    static String begin(LongPredicate sampled) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        byte[] out = new byte[LENGTH];
        long low = nonZero(random);
        hex(out, TRACE, random.nextLong());
        hex(out, TRACE + 16, low);
        return finish(out, random, sampled.test(low) ? SAMPLED : 0);
    }

    /** The same trace one step further: a new span, all else as given, which must be valid. */
    static String next(String given) {
        byte[] out = new byte[LENGTH];
        for (int i = TRACE; i < SPAN - 1; i++) {
            out[i] = (byte) given.charAt(i);
        }
        return finish(out, ThreadLocalRandom.current(), digit(given.charAt(FLAGS + 1)) & KNOWN_FLAGS);
    }

    /** The same with the flag that says whether it is sampled. */
    static String with(String given, boolean sampled) {
        int flags = digit(given.charAt(FLAGS + 1));
        int wanted = sampled ? flags | SAMPLED : flags & ~SAMPLED;
        return wanted == flags ? given : given.substring(0, FLAGS + 1) + (char) HEX[wanted];
    }

    /** Whether the event that has it is sampled; false for what is no trace at all. */
    public static boolean isSampled(@Nullable String text) {
        return text != null && text.length() >= LENGTH && (digit(text.charAt(FLAGS + 1)) & SAMPLED) == SAMPLED;
    }

    /** The trace's id, 32 hexadecimal digits; null for what is not valid. */
    public static @Nullable String traceOf(@Nullable String text) {
        return text != null && isValid(text) ? text.substring(TRACE, SPAN - 1) : null;
    }

    /** The span's id, 16 hexadecimal digits; null for what is not valid. */
    public static @Nullable String spanOf(@Nullable String text) {
        return text != null && isValid(text) ? text.substring(SPAN, FLAGS - 1) : null;
    }

    /** Puts it among an event's headers; takes any out when it is null. */
    public static void put(MultiMap headers, @Nullable String text) {
        if (text == null) {
            headers.remove(NAME);
        } else {
            headers.set(NAME, text);
        }
    }

    /** The low half of the trace's id. */
    static long lowOf(String valid) {
        return Long.parseUnsignedLong(valid, SPAN - 17, SPAN - 1, 16);
    }

    private static String finish(byte[] out, ThreadLocalRandom random, int flags) {
        out[0] = '0';
        out[1] = '0';
        out[TRACE - 1] = '-';
        out[SPAN - 1] = '-';
        hex(out, SPAN, nonZero(random));
        out[FLAGS - 1] = '-';
        out[FLAGS] = '0';
        out[FLAGS + 1] = HEX[flags];
        return new String(out, StandardCharsets.ISO_8859_1);
    }

    /** An id of zeros means none. */
    private static long nonZero(ThreadLocalRandom random) {
        long value = random.nextLong();
        return value == 0 ? 1 : value;
    }

    private static void hex(byte[] out, int from, long value) {
        long rest = value;
        for (int i = from + 15; i >= from; i--) {
            out[i] = HEX[(int) rest & 0xF];
            rest >>>= 4;
        }
    }

    /** Whether it can be continued. Later versions may be longer; what they begin with stays as it is. */
    static boolean isValid(String text) {
        int length = text.length();
        if (length < LENGTH || (length > LENGTH && (text.startsWith("00") || text.charAt(LENGTH) != '-'))) {
            return false;
        }
        return isHex(text, 0, 2)
                && !text.startsWith("ff")
                && text.charAt(TRACE - 1) == '-'
                && isId(text, TRACE, SPAN - 1)
                && text.charAt(SPAN - 1) == '-'
                && isId(text, SPAN, FLAGS - 1)
                && text.charAt(FLAGS - 1) == '-'
                && isHex(text, FLAGS, LENGTH);
    }

    private static boolean isId(String text, int from, int to) {
        int all = 0;
        for (int i = from; i < to; i++) {
            int digit = digit(text.charAt(i));
            if (digit < 0) {
                return false;
            }
            all |= digit;
        }
        return all != 0;
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (digit(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The value of a digit, which is small where it is a letter; else -1. */
    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }
}
