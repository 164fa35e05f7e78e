package dev.weir.journal;

import dev.weir.bus.Head;
import dev.weir.bus.Position;
import dev.weir.bus.Receipt;
import java.util.ArrayList;
import java.util.List;

/**
 * Where an {@link Append} ended up.
 *
 * @param head of the log after the commit
 * @param from the head before its new events, which then have the offsets after it
 * @param offsets of each event; of one that was kept before, where that was; 0 for one that was left out
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

    /** How many events have a place. */
    int placed() {
        int placed = 0;
        for (long offset : offsets) {
            placed += offset > 0 ? 1 : 0;
        }
        return placed;
    }

    /** Whether one event was kept before. */
    public boolean repeated(int index) {
        return repeats()[index];
    }

    /** What the producer of the only event is told. */
    Receipt receipt(EventRow row) {
        return new Receipt(String.valueOf(row.id()), new Position(head.epoch(), offsets[0]), offsets[0] <= from);
    }

    /** What producers are told of events that were appended. */
    List<Receipt> receipts(List<EventRow> rows) {
        List<Receipt> receipts = new ArrayList<>(rows.size());
        boolean[] repeats = repeats();
        for (int i = 0; i < repeats.length; i++) {
            Position at = new Position(head.epoch(), offsets[i]);
            receipts.add(new Receipt(String.valueOf(rows.get(i).id()), at, repeats[i]));
        }
        return receipts;
    }
}
