package dev.weir.journal;

import dev.weir.bus.Head;

/**
 * Where an {@link Append} ended up.
 *
 * @param head of the log after the commit
 * @param from the head before its new events, which then have the offsets after it
 * @param offsets of each event; of one that was kept before, where that was
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; written once, before it is handed over.
public record Outcome(Head head, long from, long[] offsets) {
    /** Which events were kept before, or are there twice in one append, and are now only told again. */
    public boolean[] repeats() {
        boolean[] repeats = new boolean[offsets.length];
        long newest = from;
        for (int i = 0; i < offsets.length; i++) {
            // New offsets only grow.
            repeats[i] = offsets[i] <= newest;
            newest = Math.max(newest, offsets[i]);
        }
        return repeats;
    }

    /** How many events were not kept before. */
    public int fresh() {
        int fresh = 0;
        long newest = from;
        for (long offset : offsets) {
            if (offset > newest) {
                newest = offset;
                fresh++;
            }
        }
        return fresh;
    }

    /** Whether one event was kept before. */
    public boolean repeated(int index) {
        return repeats()[index];
    }
}
