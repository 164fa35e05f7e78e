package dev.weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a node's own data, which is one process's alone. The lock ends with the process, however it ends; the file says
 * who has it.
 */
public final class DataFolder implements AutoCloseable {
    private static final String FILE = "lock";
    private static final int LONGEST_PID = 32;

    private final FileChannel channel;

    // Held, because the JDK forgets locks that nobody refers to.
    private final FileLock lock;

    private DataFolder(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Whether the folder is still ours. */
    public boolean isHeld() {
        return lock.isValid();
    }

    /**
     * Takes the folder, which is made when it is not there.
     *
     * @throws JournalException when another process has it, which is named, or it cannot be written
     */
    public static DataFolder take(Path folder) throws JournalException {
        FileChannel channel = null;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(
                    folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = lock(channel);
            if (lock == null) {
                String owner = owner(channel);
                channel.close();
                throw new JournalException(
                        folder + " is in use by process " + owner,
                        "stop that process",
                        new IllegalStateException("locked"));
            }
            channel.truncate(0);
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(pid), 0);
            return new DataFolder(channel, lock);
        } catch (IOException e) {
            quietly(channel);
            throw new JournalException(
                    folder + " cannot be written: " + reason(e),
                    "make it a folder that the user of this process may write",
                    e);
        }
    }

    /** The message of a file's failure is often only its name. */
    private static String reason(IOException e) {
        return e instanceof FileAlreadyExistsException
                ? "it is no folder"
                : e instanceof AccessDeniedException
                        ? "permission denied"
                        : e instanceof NoSuchFileException ? "it cannot be made" : String.valueOf(e.getMessage());
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException thisProcess) {
            return null;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST_PID);
        channel.read(text, 0);
        return StandardCharsets.US_ASCII.decode(text.flip()).toString();
    }

    private static void quietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException ignored) {
                // There is nothing in it that could be lost.
            }
        }
    }

    @Override
    public void close() {
        quietly(channel);
    }
}
