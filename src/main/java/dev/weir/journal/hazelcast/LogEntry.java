package dev.weir.journal.hazelcast;

import dev.weir.bus.Head;
import dev.weir.bus.Ids;
import dev.weir.journal.JournalException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What the cluster knows of a log: the truth, which says what of the ring belongs to the log. It is replaced as a whole, and only
 * by who has seen the one before, so that is what commits. Immutable. Nodes of two versions must write it alike.
 *
 * @param ring names the ring's incarnation, empty while the log has no events
 * @param capacity how many items the ring has room for
 * @param appendedMillis when the newest event was appended; never goes back
 * @param stamp differs from that of every other entry
 */
record LogEntry(
        String epoch,
        String ring,
        int capacity,
        long head,
        long floor,
        long appendedMillis,
        Stamp stamp,
        Segments segments) {
    /**
     * Names an entry.
     *
     * @param writer names who wrote it among all that there ever were
     * @param commit counts its entries
     */
    record Stamp(long writer, long commit) {}

    private static final int VERSION = 1;
    private static final int NAME_LENGTH = 10;
    private static final int BYTES = 96;

    /** A log that begins. */
    static LogEntry begin(long nowMillis, Stamp stamp) {
        return new LogEntry(name(), "", 0, 0, 0, nowMillis, stamp, Segments.NONE);
    }

    private static String name() {
        return Ids.secret().substring(0, NAME_LENGTH);
    }

    Head ends() {
        return new Head(epoch, head, floor);
    }

    /** Whether it has events that can be read. */
    boolean hasEvents() {
        return floor < head;
    }

    /** The same log with an empty ring of that capacity. */
    LogEntry withNewRing(int room) {
        return new LogEntry(epoch, name(), room, head, floor, appendedMillis, stamp, Segments.NONE);
    }

    LogEntry withSegments(Segments now) {
        return new LogEntry(epoch, ring, capacity, head, floor, appendedMillis, stamp, now);
    }

    /** The same log as whoever reads it has to see it when older events are there no more. */
    LogEntry withFloor(long now) {
        return new LogEntry(epoch, ring, capacity, head, now, appendedMillis, stamp, segments);
    }

    /** The same log with other ends. Without events it has no ring. */
    LogEntry next(long newHead, long newFloor, long newAppended, Segments now, Stamp by) {
        boolean empty = newFloor >= newHead;
        return new LogEntry(
                epoch,
                empty ? "" : ring,
                empty ? 0 : capacity,
                newHead,
                newFloor,
                newAppended,
                by,
                empty ? Segments.NONE : now.above(newFloor));
    }

    /** The same log as another entry. */
    LogEntry stamped(Stamp by) {
        return new LogEntry(epoch, ring, capacity, head, floor, appendedMillis, by, segments);
    }

    /** The same log under another epoch. */
    LogEntry renewed(Stamp by) {
        return new LogEntry(name(), ring, capacity, head, floor, appendedMillis, by, segments);
    }

    String ringName(String address) {
        return RingLayout.ring(address, capacity, ring);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(BYTES);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(epoch);
            out.writeUTF(ring);
            out.writeInt(capacity);
            for (long each : new long[] {head, floor, appendedMillis, stamp.writer(), stamp.commit()}) {
                out.writeLong(each);
            }
            long[] flat = segments.flat();
            out.writeInt(flat.length);
            for (long each : flat) {
                out.writeLong(each);
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encode} made. */
    static LogEntry decode(byte[] bytes) throws JournalException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException("it has version " + version + ", this Weir knows " + VERSION);
            }
            String epoch = in.readUTF();
            String ring = in.readUTF();
            int capacity = in.readInt();
            long[] numbers = longs(in, 5);
            return new LogEntry(
                    epoch,
                    ring,
                    capacity,
                    numbers[0],
                    numbers[1],
                    numbers[2],
                    new Stamp(numbers[3], numbers[4]),
                    Segments.of(longs(in, in.readInt())));
        } catch (IOException e) {
            throw new JournalException("the entry of a log in the cluster cannot be read: " + e.getMessage(), e);
        }
    }

    private static long[] longs(DataInputStream in, int count) throws IOException {
        long[] longs = new long[count];
        for (int i = 0; i < count; i++) {
            longs[i] = in.readLong();
        }
        return longs;
    }
}
