package dev.weir.flow.sink;

import dev.weir.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file to which lines are added and which is put aside when it is large or old enough. Blocking. Used by one thread after the
 * other, never by two at once.
 */
final class RotatingFile {
    /**
     * When a file is put aside.
     *
     * @param mostBytes before a line that would make it larger, unless it is empty
     * @param every with the first line of a new period of this length, counted from 1970; null for never
     * @param keep how many are kept that were put aside
     * @param gzip whether those are compressed
     * @param sync whether lines are on the disk when a call returns, and not only with the operating system
     */
    record Rotation(long mostBytes, @Nullable Duration every, int keep, boolean gzip, boolean sync) {}

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String ASIDE = "\\.\\d{8}T\\d{9}(_\\d{3})?";
    private static final int CHUNK = 256 * 1024;

    private final Path path;
    private final Rotation rotation;
    private final byte @Nullable [] header;
    private final Clock clock;
    private final Consumer<Path> compress;
    private boolean lookedAround;
    private @Nullable FileChannel channel;
    private long bytes;
    private long beganMillis;

    /**
     * Opens nothing yet.
     *
     * @param header the first line of each file, null for none
     * @param compress gets files that were put aside and are to be compressed; those of former times too
     */
    RotatingFile(Path path, Rotation rotation, byte @Nullable [] header, Clock clock, Consumer<Path> compress) {
        this.compress = compress;
        this.path = path;
        this.rotation = rotation;
        this.header = header;
        this.clock = clock;
    }

    /**
     * What became of lines.
     *
     * @param lines how many are written, of the first ones
     * @param failure why not all of them are, null when they are
     */
    record Appended(int lines, @Nullable IOException failure) {}

    /** Adds lines, each with its end. */
    Appended append(List<byte[]> lines) {
        int done = 0;
        IOException failure = null;
        try {
            while (done < lines.size()) {
                done = appendSome(lines, done);
            }
        } catch (IOException full) {
            failure = full;
        }
        try {
            FileChannel open = channel;
            if (rotation.sync() && open != null) {
                open.force(false);
            }
            if (failure != null) {
                close();
            }
        } catch (IOException lost) {
            // What could not be forced to the disk may be lost, though it was written.
            done = 0;
            failure = failure == null ? lost : failure;
            channel = null;
        }
        return new Appended(done, failure);
    }

    private int appendSome(List<byte[]> lines, int from) throws IOException {
        FileChannel open = open();
        if (isOver(lines.get(from).length)) {
            putAside();
            open = open();
        }
        int to = from;
        long room = rotation.mostBytes() - bytes;
        int size = 0;
        while (to < lines.size() && (to == from || (size < CHUNK && size + lines.get(to).length <= room))) {
            size += lines.get(to++).length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(size);
        lines.subList(from, to).forEach(buffer::put);
        write(open, buffer.flip());
        return to;
    }

    /** A line that is there in part would spoil the next one. */
    private void write(FileChannel open, ByteBuffer buffer) throws IOException {
        int size = buffer.remaining();
        try {
            while (buffer.hasRemaining()) {
                open.write(buffer);
            }
            bytes += size;
        } catch (IOException full) {
            try {
                open.truncate(bytes);
            } catch (IOException alsoThat) {
                full.addSuppressed(alsoThat);
            }
            throw full;
        }
    }

    private boolean isOver(int next) {
        boolean isEmpty = bytes == 0 || (header != null && bytes <= header.length);
        Duration every = rotation.every();
        boolean isOld = every != null
                && Math.floorDiv(clock.millis(), every.toMillis()) != Math.floorDiv(beganMillis, every.toMillis());
        return !isEmpty && (isOld || bytes + next > rotation.mostBytes());
    }

    private FileChannel open() throws IOException {
        FileChannel known = channel;
        if (known != null) {
            return known;
        }
        Path folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel opened = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        channel = opened;
        if (!lookedAround && rotation.gzip()) {
            aside("").forEach(compress);
        }
        lookedAround = true;
        bytes = opened.size();
        beganMillis =
                bytes == 0 ? clock.millis() : Files.getLastModifiedTime(path).toMillis();
        if (bytes == 0 && header != null) {
            write(opened, ByteBuffer.wrap(header));
        } else if (bytes > 0 && !endsWithLine()) {
            write(opened, ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return opened;
    }

    /** Where the machine lost power, the last line may be there in part; the next one begins on a line of its own. */
    private boolean endsWithLine() throws IOException {
        try (FileChannel read = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            read.read(last, bytes - 1);
            return last.get(0) == '\n';
        }
    }

    private void putAside() throws IOException {
        FileChannel open = channel;
        if (open != null && rotation.sync()) {
            open.force(true);
        }
        close();
        Path aside = free(STAMP.format(clock.now()));
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        if (rotation.gzip()) {
            compress.accept(aside);
        }
        prune();
    }

    private Path free(String stamp) {
        Path aside = path.resolveSibling(base() + "." + stamp + extension());
        for (int i = 1; Files.exists(aside) || Files.exists(Path.of(aside + Compression.GZIP)); i++) {
            aside = path.resolveSibling(base() + "." + stamp + String.format("_%03d", i) + extension());
        }
        return aside;
    }

    private String name() {
        return String.valueOf(path.getFileName());
    }

    private String base() {
        int dot = name().lastIndexOf('.');
        return dot <= 0 ? name() : name().substring(0, dot);
    }

    private String extension() {
        return name().substring(base().length());
    }

    private List<Path> aside(String ending) throws IOException {
        Pattern aside = Pattern.compile(Pattern.quote(base()) + ASIDE + Pattern.quote(extension()) + ending);
        Path folder = path.toAbsolutePath().getParent();
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file ->
                            aside.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted()
                    .toList();
        }
    }

    private void prune() throws IOException {
        List<Path> old = aside("(" + Pattern.quote(Compression.GZIP) + ")?");
        for (Path file : old.subList(0, Math.max(0, old.size() - rotation.keep()))) {
            Files.deleteIfExists(file);
        }
    }

    /** Closes it; a later line opens it again. */
    void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
