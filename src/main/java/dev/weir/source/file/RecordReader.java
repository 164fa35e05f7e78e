package dev.weir.source.file;

import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the records of one open file. One thread at a time. */
final class RecordReader implements Closeable {
    /** A batch ends with the record that reaches this. */
    static final int BATCH_BYTES = 256 * 1024;

    private static final int MOST_ITEMS = 1024;
    private static final String TOO_LONG =
            "the record is longer than 1 MiB; it is left out (is a quote or bracket not closed?)";

    private final String file;
    private final Window window;
    private final Splitter splitter;
    private final RecordParser parser;
    private final Layout layout;
    private long line;
    private boolean dropping;
    private boolean over;

    /** @param line of the first byte, 0 when nobody knows */
    RecordReader(String file, Window window, Splitter splitter, RecordParser parser, Layout layout, long line) {
        this.file = file;
        this.window = window;
        this.splitter = splitter;
        this.parser = parser;
        this.layout = layout;
        this.line = line;
    }

    /** Bytes up to the end of the last record. */
    long offset() {
        return window.offset();
    }

    /**
     * Reads a batch.
     *
     * @return false when the file has no more, for now
     */
    boolean read(List<Item> into) throws IOException {
        long stop = window.offset() + BATCH_BYTES;
        try {
            while (!over && window.offset() < stop && into.size() < MOST_ITEMS) {
                int length = splitter.scan(window.bytes(), window.from(), window.limit());
                if (length >= 0) {
                    take(length, into);
                } else if (!more()) {
                    return false;
                }
            }
        } catch (BadRecordException broken) {
            over = true;
            into.add(Item.bad(place(), broken.said(), window.offset()));
        }
        return !over;
    }

    private boolean more() throws IOException {
        if (window.size() >= Window.LONGEST_RECORD_BYTES || (dropping && window.size() > 0)) {
            dropping = true;
            window.advance(window.size());
            splitter.forget();
        }
        parser.moved();
        return window.fill();
    }

    /** Reads what is left: the file has ended. */
    void finish(List<Item> into) {
        if (over) {
            return;
        }
        over = true;
        try {
            int length = splitter.last(window.size());
            if (length > 0 || dropping) {
                take(length, into);
            }
        } catch (BadRecordException broken) {
            into.add(Item.bad(place(), broken.said(), window.offset() + window.size()));
        }
    }

    private void take(int length, List<Item> into) {
        long end = window.offset() + length;
        if (dropping || length > Window.LONGEST_RECORD_BYTES) {
            into.add(Item.bad(place(), TOO_LONG, end));
            dropping = false;
        } else {
            Item item = item(window.from() + splitter.start(), window.from() + length, end);
            if (item != null) {
                into.add(item);
            }
        }
        window.advance(length);
        line += line == 0 ? 0 : splitter.lines();
        splitter.next();
    }

    private @Nullable Item item(int from, int to, long end) {
        try {
            Object data = parser.parse(window.bytes(), from, to);
            if (data == RecordParser.NOTHING) {
                return null;
            }
            long time = layout.time() == null ? 0 : Moments.millis(field(data, layout.time()));
            return new Item(data, layout.key() == null ? null : text(field(data, layout.key())), time, end, null);
        } catch (BadRecordException bad) {
            return Item.bad(place(), bad.said(), end);
        }
    }

    private static @Nullable Object field(@Nullable Object data, String name) throws BadRecordException {
        if (data instanceof JsonObject object) {
            return object.getValue(name);
        }
        throw new BadRecordException("it is no object, so it has no " + name);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private String place() {
        return line == 0 ? file + " at byte " + window.offset() : file + ":" + line;
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
