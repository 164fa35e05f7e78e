package dev.weir.journal.subscription;

import dev.weir.journal.Ranges;
import dev.weir.journal.Work;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * How far a subscription has come in one log. Everything up to {@link #cursor()} is settled or kept elsewhere; above it, up to
 * {@link #readTo()}, are the outstanding events and what was settled out of order. Owned by the dispatcher.
 */
final class Lane {
    final String address;
    private String epoch = "";
    private long readTo;
    private long head;
    private final NavigableSet<Long> outstanding = new TreeSet<>();
    private NavigableMap<Long, Long> settledBefore = Ranges.parse("");
    private Work.Cursor written = new Work.Cursor("", "", -1, "");

    /** Whether a read is under way. */
    boolean reading;

    /** Whether everything began again without it; what is still read for it is for nobody. */
    boolean abandoned;

    Lane(String address) {
        this.address = address;
    }

    /** Goes on where the subscription stood. */
    void restore(Work.Cursor cursor) {
        begin(cursor.epoch(), cursor.offset());
        settledBefore = Ranges.parse(cursor.settled());
        written = cursor;
    }

    /** Starts in a log, after an offset. */
    void begin(String newEpoch, long offset) {
        epoch = newEpoch;
        readTo = offset;
        head = offset;
        outstanding.clear();
        settledBefore = Ranges.parse("");
    }

    String epoch() {
        return epoch;
    }

    long readTo() {
        return readTo;
    }

    /** How many events are behind the head, settled out of order or not. */
    long lag() {
        return Math.max(0, head - cursor());
    }

    boolean hasMore() {
        return readTo < head;
    }

    void head(long now) {
        head = Math.max(head, now);
    }

    /** Notes that everything up to here was read. */
    void read(long to) {
        readTo = Math.max(readTo, to);
    }

    /** Whether an event that is read now was settled before a restart. */
    boolean wasSettled(long offset) {
        return Ranges.contain(settledBefore, offset);
    }

    /** How many of the offsets that are not read yet, up to here, were not settled before a restart. */
    long unsettled(long to) {
        long unsettled = to - readTo;
        for (Map.Entry<Long, Long> range : settledBefore.headMap(to, true).entrySet()) {
            long overlap = Math.min(to, range.getValue()) - Math.max(readTo, range.getKey() - 1);
            unsettled -= Math.max(0, overlap);
        }
        return unsettled;
    }

    void take(long offset) {
        outstanding.add(offset);
    }

    void settled(long offset) {
        outstanding.remove(offset);
    }

    long cursor() {
        return outstanding.isEmpty() ? readTo : outstanding.first() - 1;
    }

    /** Whether the store does not know yet how far this is. Where it stood is not forgotten before it is known where it goes on. */
    boolean isDirty() {
        return !epoch.isEmpty() && !now().equals(written);
    }

    /** What to write; it is taken to be written from then on, since a failure makes the dispatcher start anew. */
    Work.Cursor write() {
        written = now();
        return written;
    }

    /** Where it stands. */
    Work.Cursor position() {
        return now();
    }

    private Work.Cursor now() {
        long cursor = cursor();
        return new Work.Cursor(address, epoch, cursor, settledAbove(cursor));
    }

    private String settledAbove(long cursor) {
        StringBuilder text = new StringBuilder(Ranges.without(cursor, readTo, outstanding));
        // What was settled before a restart and is not read again yet.
        settledBefore.forEach((first, last) -> {
            long from = Math.max(first, readTo + 1);
            if (from <= last) {
                text.append(text.isEmpty() ? "" : ",").append(from).append(from < last ? "-" + last : "");
            }
        });
        return text.toString();
    }
}
