package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonArray;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How often each of a run of neighbouring numbers occurred. As narrow as the greatest count allows: one, two, four or eight bytes for
 * each; most windows have many keys of few events.
 */
final class Counters {
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NONE = {};
    private static final int SLACK = 8;

    private byte[] bytes = NONE;
    private int width = 1;
    private int offset;
    private int lowest = Integer.MAX_VALUE;
    private int highest = Integer.MIN_VALUE;
    private long total;

    Counters() {}

    /** Those that were written: the first number, then the counts, where a negative one stands for so many zeros. */
    Counters(JsonArray json) {
        int number = json.isEmpty() ? 0 : json.getInteger(0);
        for (int i = 1; i < json.size(); i++) {
            long count = json.getLong(i);
            if (count > 0) {
                add(number++, count);
            } else {
                number -= (int) count;
            }
        }
    }

    boolean isEmpty() {
        return total == 0;
    }

    long total() {
        return total;
    }

    int lowest() {
        return lowest;
    }

    int highest() {
        return highest;
    }

    /** Whether all numbers with this one too lie within so many. */
    boolean holds(int number, int span) {
        return isEmpty() || (long) Math.max(highest, number) - Math.min(lowest, number) < span;
    }

    void add(int number, long times) {
        if (number < offset || number >= offset + bytes.length / width || isEmpty()) {
            room(number);
        }
        lowest = Math.min(lowest, number);
        highest = Math.max(highest, number);
        total += times;
        long count = get(number - offset) + times;
        while (width < Long.BYTES && count >>> (width * Byte.SIZE) != 0) {
            widen();
        }
        set(number - offset, count);
    }

    private void room(int number) {
        if (isEmpty()) {
            offset = number - SLACK / 2;
            bytes = new byte[SLACK * width];
            return;
        }
        int spare = SLACK + (highest - lowest) / 8;
        int from = number < lowest ? number - spare : Math.min(lowest, offset);
        int to = number > highest ? number + spare : Math.max(highest, offset + bytes.length / width - 1);
        byte[] wider = new byte[(to - from + 1) * width];
        System.arraycopy(bytes, 0, wider, (offset - from) * width, bytes.length);
        bytes = wider;
        offset = from;
    }

    private void widen() {
        Counters wider = new Counters();
        wider.width = width * 2;
        wider.bytes = new byte[bytes.length * 2];
        for (int i = 0; i < bytes.length / width; i++) {
            wider.set(i, get(i));
        }
        bytes = wider.bytes;
        width = wider.width;
    }

    /** How often a number occurred that lies within the lowest and the highest. */
    long at(int number) {
        return get(number - offset);
    }

    private long get(int index) {
        return switch (width) {
            case 1 -> bytes[index] & 0xFFL;
            case 2 -> (short) SHORTS.get(bytes, index * 2) & 0xFFFFL;
            case 4 -> (int) INTS.get(bytes, index * 4) & 0xFFFF_FFFFL;
            default -> (long) LONGS.get(bytes, index * 8);
        };
    }

    private void set(int index, long count) {
        switch (width) {
            case 1 -> bytes[index] = (byte) count;
            case 2 -> SHORTS.set(bytes, index * 2, (short) count);
            case 4 -> INTS.set(bytes, index * 4, (int) count);
            default -> LONGS.set(bytes, index * 8, count);
        }
    }

    /** The number at a place in their order, counted from 1. */
    int bucketAt(long place) {
        long left = place;
        int number = lowest;
        for (; number < highest; number++) {
            left -= at(number);
            if (left <= 0) {
                return number;
            }
        }
        return number;
    }

    /** What a number becomes when two become one: 1 and 2 become 1, 3 and 4 become 2. */
    static int folded(int number) {
        return (number + 1) >> 1;
    }

    /** Makes one number of each two. */
    void fold() {
        Counters half = new Counters();
        for (int number = lowest; number <= highest; number++) {
            long count = at(number);
            if (count > 0) {
                half.add(folded(number), count);
            }
        }
        bytes = half.bytes;
        width = half.width;
        offset = half.offset;
        lowest = half.lowest;
        highest = half.highest;
    }

    JsonArray toJson() {
        JsonArray json = new JsonArray();
        if (isEmpty()) {
            return json;
        }
        json.add(lowest);
        long zeros = 0;
        for (int number = lowest; number <= highest; number++) {
            long count = at(number);
            if (count == 0) {
                zeros++;
                continue;
            }
            if (zeros > 0) {
                json.add(-zeros);
                zeros = 0;
            }
            json.add(count);
        }
        return json;
    }

    @Override
    public String toString() {
        return "from " + offset + " by " + width + ": " + Arrays.toString(bytes);
    }
}
