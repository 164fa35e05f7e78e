package dev.weir.source.file;

import dev.weir.bus.Position;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A file that is being read. It goes on with this file when the path has come to name another one. One thread at a time. */
final class OpenFile implements Closeable {
    private static final int GZIP_BUFFER_BYTES = 64 * 1024;
    private static final String OF_NOTHING = "0-";

    private final Path path;
    private final FileChannel channel;
    private final RecordReader reader;
    private final String suffix;
    private final long inode;
    private String identity;

    private OpenFile(Path path, FileChannel channel, RecordReader reader, String suffix, String identity)
            throws IOException {
        this.path = path;
        this.channel = channel;
        this.reader = reader;
        this.suffix = suffix;
        this.identity = identity;
        this.inode = Identity.inode(path);
    }

    /**
     * Opens a file behind a position.
     *
     * @param from null for the beginning
     * @param suffix of its epochs
     * @return null when the file is not the one that was read then, or has become shorter
     */
    static @Nullable OpenFile open(Path path, Layout layout, @Nullable Position from, String suffix)
            throws IOException {
        FileChannel channel = FileChannel.open(path);
        OpenFile opened = null;
        try {
            opened = open(path, channel, layout, from, suffix);
            return opened;
        } finally {
            if (opened == null) {
                channel.close();
            }
        }
    }

    private static @Nullable OpenFile open(
            Path path, FileChannel channel, Layout layout, @Nullable Position from, String suffix) throws IOException {
        boolean gzip = layout.isGzip(path);
        long offset = from == null ? 0 : from.offset();
        String identity = from == null ? Identity.of(path, channel) : withoutSuffix(from.epoch(), suffix);
        if (from != null && (!Identity.isSame(identity, path, channel) || (!gzip && offset > channel.size()))) {
            return null;
        }
        RecordParser parser = parser(path, layout);
        if (offset > 0 && parser instanceof CsvRecords csv && csv.awaitsHeader()) {
            readHeader(path, layout, csv);
        }
        InputStream in = at(channel, offset, gzip);
        if (in == null) {
            return null;
        }
        Window window = new Window(in, offset);
        RecordReader reader = new RecordReader(
                path.toString(), window, splitter(path, layout, offset > 0), parser, layout, offset == 0 ? 1 : 0);
        return new OpenFile(path, channel, reader, suffix, identity);
    }

    private static String withoutSuffix(String epoch, String suffix) {
        return epoch.endsWith(suffix) ? epoch.substring(0, epoch.length() - suffix.length()) : epoch;
    }

    private static @Nullable InputStream at(FileChannel channel, long offset, boolean gzip) throws IOException {
        if (!gzip) {
            return Channels.newInputStream(channel.position(offset));
        }
        InputStream in = new GZIPInputStream(Channels.newInputStream(channel.position(0)), GZIP_BUFFER_BYTES);
        try {
            in.skipNBytes(offset);
            return in;
        } catch (EOFException shorter) {
            return null;
        }
    }

    private static RecordParser parser(Path path, Layout layout) {
        return switch (layout.format(path)) {
            case NDJSON, JSON -> new JsonRecords();
            case CSV -> new CsvRecords(layout.delimiter(path), layout.header(), layout.columns(), layout.numbers());
            case LINES -> new LineRecords(path.toString());
        };
    }

    private static Splitter splitter(Path path, Layout layout, boolean inside) {
        return switch (layout.format(path)) {
            case NDJSON, LINES -> new LineSplitter();
            case CSV -> new CsvSplitter(layout.delimiter(path));
            case JSON -> new ArraySplitter(inside);
        };
    }

    /** Who begins in the middle reads the names of the columns first. */
    private static void readHeader(Path path, Layout layout, CsvRecords csv) throws IOException {
        try (FileChannel beginning = FileChannel.open(path)) {
            InputStream in = at(beginning, 0, layout.isGzip(path));
            if (in != null) {
                Window window = new Window(in, 0);
                RecordReader reader =
                        new RecordReader(path.toString(), window, splitter(path, layout, false), csv, layout, 1);
                while (csv.awaitsHeader() && reader.read(new ArrayList<>())) {
                    // The parser keeps what it wants of the batch.
                }
            }
        }
    }

    Path path() {
        return path;
    }

    /** Bytes up to the end of the last record that was read. */
    long offset() {
        return reader.offset();
    }

    /** Names the file's incarnation. */
    String epoch() throws IOException {
        if (identity.startsWith(OF_NOTHING) && offset() > 0) {
            identity = Identity.of(path, channel);
        }
        return identity + suffix;
    }

    /** Where reading could begin again. */
    Position position() throws IOException {
        return new Position(epoch(), offset());
    }

    boolean read(List<Item> into) throws IOException {
        return reader.read(into);
    }

    void finish(List<Item> into) {
        reader.finish(into);
    }

    /** Whether the path names another file now, or this one has become shorter than what was read of it. */
    boolean isReplaced() throws IOException {
        return Identity.inode(path) != inode || channel.size() < offset();
    }

    @Override
    public void close() throws IOException {
        reader.close();
        channel.close();
    }
}
