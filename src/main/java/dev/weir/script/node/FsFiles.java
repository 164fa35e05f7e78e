package dev.weir.script.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The open files of one script under their descriptors. Used on workers; closed on the script's loop, and then for good. */
final class FsFiles {
    private static final int FIRST = 10;
    private static final int LARGEST_READ = 16 * 1024 * 1024;

    private final Map<Integer, Registered> open = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger(FIRST);
    private volatile boolean closed;

    /** @param appends whether each write goes to the end although the file can be read, too */
    record OpenFile(FileChannel channel, Path path, boolean appends) {}

    /** @param stats what the file was when it was opened */
    private record Registered(OpenFile file, String stats) {}

    /**
     * Opens a file that is known to be allowed.
     *
     * @param flags Node's, without the {@code s}; {@code c} means: made where missing, kept where not
     */
    OpenFile open(Path real, String flags, int mode) throws IOException {
        Set<OpenOption> options = options(flags);
        // The path was followed to its end: what is a link now was put there meanwhile.
        options.add(LinkOption.NOFOLLOW_LINKS);
        boolean makes = options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
        FileChannel channel = makes
                ? FileChannel.open(real, options, FsModes.attribute(real, mode))
                : FileChannel.open(real, options);
        return new OpenFile(channel, real, flags.startsWith("a") && flags.endsWith("+"));
    }

    /** Gives it a descriptor. */
    int register(OpenFile file) throws IOException {
        String stats;
        try {
            stats = FsModes.stats(file.path(), LinkOption.NOFOLLOW_LINKS);
        } catch (IOException gone) {
            file.channel().close();
            throw gone;
        }
        int fd = next.getAndIncrement();
        open.put(fd, new Registered(file, stats));
        if (closed) {
            close();
        }
        return fd;
    }

    OpenFile at(long fd, String syscall) throws FsFailure {
        return registered(fd, syscall).file();
    }

    private Registered registered(long fd, String syscall) throws FsFailure {
        Registered file = open.get((int) fd);
        if (file == null) {
            throw new FsFailure("EBADF", syscall, null);
        }
        return file;
    }

    /** The numbers of fs.Stats of an open file, whatever has its name by now. */
    String stats(long fd) throws IOException, FsFailure {
        Registered file = registered(fd, "fstat");
        try {
            String now = FsModes.stats(file.file().path(), LinkOption.NOFOLLOW_LINKS);
            if (FsModes.same(now, file.stats())) {
                return now;
            }
        } catch (NoSuchFileException removed) {
            return FsModes.sized(file.stats(), file.file().channel().size());
        }
        return FsModes.sized(file.stats(), file.file().channel().size());
    }

    void close(long fd) throws IOException, FsFailure {
        Registered file = open.remove((int) fd);
        if (file == null) {
            throw new FsFailure("EBADF", "close", null);
        }
        file.file().channel().close();
    }

    /** Gives back all there are, and what is opened from now on. */
    void close() throws IOException {
        closed = true;
        for (Integer fd : List.copyOf(open.keySet())) {
            Registered file = open.remove(fd);
            if (file != null) {
                file.file().channel().close();
            }
        }
    }

    /** The next bytes, at most {@code length} of them; null at the end. */
    static @Nullable ByteBuffer read(OpenFile file, long position, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(Math.min(length, LARGEST_READ));
        int count = position < 0 ? file.channel().read(into) : file.channel().read(into, position);
        return count < 0 ? null : into.flip().slice();
    }

    /** Everything from where the file is to its end. */
    static byte[] readAll(OpenFile file) throws IOException, FsFailure {
        long left = file.channel().size() - file.channel().position();
        if (left > Integer.MAX_VALUE - 8) {
            throw new FsFailure("ERR_FS_FILE_TOO_LARGE", null, "its size is " + left + " bytes; read it as a stream");
        }
        return Channels.newInputStream(file.channel()).readAllBytes();
    }

    /** Writes all of it and says how much that is. */
    static int write(OpenFile file, ByteBuffer from, long position) throws IOException {
        int length = from.remaining();
        long at = file.appends() ? file.channel().size() : position;
        while (from.hasRemaining()) {
            if (at < 0) {
                file.channel().write(from);
            } else {
                at += file.channel().write(from, at);
            }
        }
        return length;
    }

    static void truncate(OpenFile file, long length) throws IOException {
        long size = file.channel().size();
        if (length < size) {
            file.channel().truncate(length);
        } else if (length > size) {
            file.channel().write(ByteBuffer.allocate(1), length - 1);
        }
    }

    private static Set<OpenOption> options(String flags) {
        Set<OpenOption> options = new HashSet<>();
        boolean both = flags.endsWith("+");
        char kind = flags.charAt(0);
        if (kind == 'r') {
            options.add(StandardOpenOption.READ);
        } else {
            options.add(flags.contains("x") ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
        }
        if (kind != 'r' || both) {
            options.add(kind == 'a' && !both ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
        }
        if (both) {
            options.add(StandardOpenOption.READ);
        }
        if (kind == 'w' && !flags.contains("x")) {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        return options;
    }
}
