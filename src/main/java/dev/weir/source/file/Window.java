package dev.weir.source.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The part of a file that is in memory; it moves on and grows only for long records. One thread at a time. */
final class Window implements Closeable {
    static final int CHUNK_BYTES = 256 * 1024;
    static final int LONGEST_RECORD_BYTES = 1024 * 1024;

    private static final int MOST_BYTES = LONGEST_RECORD_BYTES + CHUNK_BYTES;

    private final InputStream in;
    private byte[] bytes = new byte[CHUNK_BYTES];
    private int from;
    private int limit;
    private long offset;
    private boolean begins;

    /** @param offset the bytes of the file before the first that {@code in} gives */
    Window(InputStream in, long offset) {
        this.in = in;
        this.offset = offset;
        this.begins = offset == 0;
    }

    /** Holds what is in memory from {@link #from()} to {@link #limit()}; another one after {@link #fill()}. */
    @SuppressWarnings("EI_EXPOSE_REP")
    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int limit() {
        return limit;
    }

    int size() {
        return limit - from;
    }

    /** The bytes of the file before {@link #from()}. */
    long offset() {
        return offset;
    }

    /** Leaves bytes behind. */
    void advance(int count) {
        from += count;
        offset += count;
    }

    /** Reads on; false when there is nothing more, for now. */
    boolean fill() throws IOException {
        if (from > 0) {
            System.arraycopy(bytes, from, bytes, 0, size());
            limit -= from;
            from = 0;
        }
        if (limit == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(2 * bytes.length, MOST_BYTES));
        }
        int count = in.read(bytes, limit, Math.min(CHUNK_BYTES, bytes.length - limit));
        limit += Math.max(0, count);
        if (begins && count > 0) {
            begins = false;
            skipMark();
        }
        return count > 0;
    }

    /** Some programs put a byte order mark in front of UTF-8. */
    private void skipMark() {
        if (size() >= 3
                && bytes[from] == (byte) 0xEF
                && bytes[from + 1] == (byte) 0xBB
                && bytes[from + 2] == (byte) 0xBF) {
            advance(3);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
