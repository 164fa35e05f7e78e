package dev.weir.journal.hazelcast;

import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An event as it stands in a ring: its place in the log first, so that whoever reads it sees whether it is the one that was meant.
 * What a newer Weir has behind the known fields is left alone.
 */
record RingItem(long offset, long appendedMillis, EventRow event) {
    private static final byte VERSION = 1;
    private static final int FIXED = 2 + 2 * Long.BYTES;
    private static final int FIELDS = 8;
    private static final int OWN_ID = 4;
    private static final int KIND = 3;

    byte[] encode() {
        byte[][] fields = {
            utf8(event.id()),
            utf8(event.source()),
            utf8(event.type()),
            utf8(event.subject()),
            utf8(event.time()),
            utf8(event.authId()),
            utf8(event.headers()),
            event.data()
        };
        int size = FIXED;
        for (byte[] field : fields) {
            size += Integer.BYTES + (field == null ? 0 : field.length);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(VERSION).put((byte) (event.kind() | (event.ownId() ? OWN_ID : 0)));
        out.putLong(offset).putLong(appendedMillis);
        for (byte[] field : fields) {
            if (field == null) {
                out.putInt(-1);
            } else {
                out.putInt(field.length).put(field);
            }
        }
        return out.array();
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    static RingItem decode(byte[] bytes) throws JournalException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw new JournalException(
                        "a kept event has version " + version + ", this Weir knows " + VERSION,
                        new IllegalArgumentException("version"));
            }
            int flags = in.get();
            long offset = in.getLong();
            long appended = in.getLong();
            byte[][] fields = new byte[FIELDS][];
            for (int i = 0; i < FIELDS; i++) {
                fields[i] = field(in);
            }
            EventRow event = new EventRow(
                    text(fields[0]),
                    text(fields[1]),
                    text(fields[2]),
                    text(fields[3]),
                    text(fields[4]),
                    text(fields[5]),
                    (flags & OWN_ID) != 0,
                    text(fields[6]),
                    flags & KIND,
                    fields[7]);
            return new RingItem(offset, appended, event);
        } catch (BufferUnderflowException | NegativeArraySizeException torn) {
            throw new JournalException("a kept event cannot be read", torn);
        }
    }

    private static byte @Nullable [] field(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0) {
            return null;
        }
        byte[] field = new byte[length];
        in.get(field);
        return field;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
