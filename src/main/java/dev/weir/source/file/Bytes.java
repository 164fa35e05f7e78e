package dev.weir.source.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks for bytes eight at a time: a byte of {@code word ^ pattern} is zero where it matches, and subtracting one from each byte
 * borrows into the high bit of zero bytes only (H. Warren, Hacker's Delight, 6-1). Pure functions.
 */
final class Bytes {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private Bytes() {}

    /** The first place from {@code from} on that holds one of two bytes, {@code limit} when none does. */
    static int find(byte[] bytes, int from, int limit, byte one, byte other) {
        long first = ONES * (one & 0xff);
        long second = ONES * (other & 0xff);
        int i = from;
        for (; i <= limit - Long.BYTES; i += Long.BYTES) {
            long word = (long) WORDS.get(bytes, i);
            long hits = zeros(word ^ first) | zeros(word ^ second);
            if (hits != 0) {
                return i + Long.numberOfTrailingZeros(hits) / Byte.SIZE;
            }
        }
        while (i < limit && bytes[i] != one && bytes[i] != other) {
            i++;
        }
        return i;
    }

    /** The high bit of the lowest zero byte, perhaps with bits above it; nothing when no byte is zero. */
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGHS;
    }

    /** How often a byte is there. */
    static int count(byte[] bytes, int from, int limit, byte wanted) {
        int count = 0;
        for (int i = from; i < limit; i++) {
            if (bytes[i] == wanted) {
                count++;
            }
        }
        return count;
    }

    /** Whether JSON counts a byte as space. */
    static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
