package dev.weir.journal.sql;

import dev.weir.journal.EventRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Events in the binary format of {@code COPY}, which is the fastest way into a table of PostgreSQL. Used again for every
 * transaction; owned by the writer.
 */
final class CopyRows {
    private static final String COPY =
            "COPY events (log, seq, appended, id, source, type, subject, time, authid, own_id,"
                    + " headers, kind, data) FROM STDIN (FORMAT binary)";
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final short FIELDS = 13;
    private static final int NULL = -1;
    private static final int FIRST_BYTES = 1 << 18;
    private static final int MOST_KEPT_BYTES = 1 << 22;

    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BYTES);
    private int rows;

    /** Begins anew. */
    void clear() {
        if (buffer.capacity() > MOST_KEPT_BYTES) {
            buffer = ByteBuffer.allocate(FIRST_BYTES);
        }
        buffer.clear();
        buffer.put(SIGNATURE).putInt(0).putInt(0);
        rows = 0;
    }

    void add(int log, long seq, long appended, EventRow row) {
        room(128);
        buffer.putShort(FIELDS).putInt(Integer.BYTES).putInt(log);
        buffer.putInt(Long.BYTES).putLong(seq).putInt(Long.BYTES).putLong(appended);
        put(row.id());
        put(row.source());
        put(row.type());
        put(row.subject());
        put(row.time());
        put(row.authId());
        room(Integer.BYTES * 2);
        buffer.putInt(Integer.BYTES).putInt(row.ownId() ? 1 : 0);
        put(row.headers());
        room(Integer.BYTES * 2);
        buffer.putInt(Integer.BYTES).putInt(row.kind());
        put(row.data());
        rows++;
    }

    private void put(@Nullable String text) {
        put(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private void put(byte @Nullable [] bytes) {
        room(Integer.BYTES + (bytes == null ? 0 : bytes.length));
        if (bytes == null) {
            buffer.putInt(NULL);
        } else {
            buffer.putInt(bytes.length).put(bytes);
        }
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes));
            larger.put(buffer.flip());
            buffer = larger;
        }
    }

    /** Sends what was added, within the transaction. */
    void send(Connection connection) throws SQLException {
        if (rows == 0) {
            return;
        }
        room(Short.BYTES);
        buffer.putShort((short) -1);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        copy.endCopy();
    }
}
