package dev.weir.journal.hazelcast;

import java.util.Arrays;

/**
 * Where the events of a log stand in its ring. Nearly always that is one segment; one more begins wherever the ring has items
 * that are not of the log: what a writer that was too late, or a call that Hazelcast repeated after a member's death, has left
 * there. Immutable.
 */
final class Segments {
    /** Of a log whose ring has nothing. */
    static final Segments NONE = new Segments(new long[0], new long[0]);

    private final long[] offsets;
    private final long[] sequences;

    private Segments(long[] offsets, long[] sequences) {
        this.offsets = offsets;
        this.sequences = sequences;
    }

    /** What {@link #flat} made. */
    static Segments of(long[] flat) {
        long[] offsets = new long[flat.length / 2];
        long[] sequences = new long[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = flat[2 * i];
            sequences[i] = flat[2 * i + 1];
        }
        return new Segments(offsets, sequences);
    }

    /** Pairs of a segment's first offset and its place in the ring. */
    long[] flat() {
        long[] flat = new long[2 * offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            flat[2 * i] = offsets[i];
            flat[2 * i + 1] = sequences[i];
        }
        return flat;
    }

    boolean isEmpty() {
        return offsets.length == 0;
    }

    /** The same with events from {@code offset} on, which stand in the ring from {@code sequence} on. */
    Segments with(long offset, long sequence) {
        if (!isEmpty() && sequence(offset) == sequence) {
            return this;
        }
        long[] moreOffsets = Arrays.copyOf(offsets, offsets.length + 1);
        long[] moreSequences = Arrays.copyOf(sequences, sequences.length + 1);
        moreOffsets[offsets.length] = offset;
        moreSequences[sequences.length] = sequence;
        return new Segments(moreOffsets, moreSequences);
    }

    /** Where an event stands; it must be in the log. */
    long sequence(long offset) {
        int at = segment(offset);
        return sequences[at] + offset - offsets[at];
    }

    /** How many events from this one on stand one after the other, if the log ends at {@code head}. */
    long run(long offset, long head) {
        int at = segment(offset);
        return (at + 1 < offsets.length ? offsets[at + 1] - 1 : head) - offset + 1;
    }

    private int segment(long offset) {
        int found = Arrays.binarySearch(offsets, offset);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }

    /** The first offset that stands at {@code sequence} or after it; the one after {@code head} when none does. */
    long firstFrom(long sequence, long head) {
        for (int i = 0; i < offsets.length; i++) {
            long last = i + 1 < offsets.length ? offsets[i + 1] - 1 : head;
            long offset = offsets[i] + Math.max(0, sequence - sequences[i]);
            if (offset <= last) {
                return offset;
            }
        }
        return head + 1;
    }

    /** The same without segments that have only events up to {@code floor}. */
    Segments above(long floor) {
        int first = 0;
        while (first + 1 < offsets.length && offsets[first + 1] <= floor + 1) {
            first++;
        }
        return first == 0
                ? this
                : new Segments(
                        Arrays.copyOfRange(offsets, first, offsets.length),
                        Arrays.copyOfRange(sequences, first, sequences.length));
    }
}
