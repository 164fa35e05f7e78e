package dev.weir.flow.sink;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@code FILE.gz} in the place of a file, a part at a time, so that no thread is taken for long. What was not finished is as if
 * it was never begun. Blocking. Used by one thread after the other, never by two at once; of several that compress the same file, in
 * any process, one does.
 */
final class Compression implements Closeable {
    static final String GZIP = ".gz";

    private static final int PART = 8 * 1024 * 1024;
    private static final int BUFFER = 64 * 1024;

    private final Path file;
    private final Path unfinished;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable FileChannel lock;

    Compression(Path file) {
        this.file = file;
        this.unfinished = Path.of(file + GZIP + ".part");
    }

    Path file() {
        return file;
    }

    /** Does some of it; false when nothing is left to do. */
    boolean more() throws IOException {
        if (in == null && !begin()) {
            return false;
        }
        InputStream from = in;
        OutputStream to = out;
        if (from == null || to == null) {
            return false;
        }
        byte[] some = new byte[BUFFER];
        for (int done = 0; done < PART; done += BUFFER) {
            int read = from.readNBytes(some, 0, BUFFER);
            if (read == 0) {
                finish(to);
                return false;
            }
            to.write(some, 0, read);
        }
        return true;
    }

    private boolean begin() throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        // Whoever has the lock when the file is still there is the one; before that nothing is changed.
        boolean isLocked = isLocked(channel);
        if (!isLocked || !Files.exists(file)) {
            if (isLocked) {
                Files.deleteIfExists(unfinished);
            }
            channel.close();
            return false;
        }
        channel.truncate(0);
        in = Files.newInputStream(file);
        out = new GZIPOutputStream(Channels.newOutputStream(channel), BUFFER) {
            @Override
            public void close() throws IOException {
                // The channel, and with it the lock, is closed when all is in its place.
                finish();
                def.end();
            }
        };
        lock = channel;
        return true;
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    private void finish(OutputStream to) throws IOException {
        to.close();
        FileChannel channel = lock;
        if (channel != null) {
            channel.force(true);
        }
        Files.move(unfinished, Path.of(file + GZIP), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(file);
        end();
    }

    private void end() throws IOException {
        InputStream from = in;
        FileChannel channel = lock;
        in = null;
        out = null;
        lock = null;
        if (from != null) {
            from.close();
        }
        if (channel != null) {
            channel.close();
        }
    }

    /** Gives up what is not finished. */
    @Override
    public void close() throws IOException {
        if (in != null) {
            Files.deleteIfExists(unfinished);
            end();
        }
    }
}
