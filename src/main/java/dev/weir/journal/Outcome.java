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
    /** Whether an event was kept before and now only told again. */
    public boolean repeated(int index) {
        return offsets[index] <= from || isSecond(index);
    }

    /** The same event twice in one append: the second has the offset of the first. */
    private boolean isSecond(int index) {
        for (int i = 0; i < index; i++) {
            if (offsets[i] == offsets[index]) {
                return true;
            }
        }
        return false;
    }
}
