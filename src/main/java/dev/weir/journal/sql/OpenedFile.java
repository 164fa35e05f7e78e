package dev.weir.journal.sql;

import dev.weir.journal.JournalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which file the journal was opened as. SQLite goes on with a file that has no name any more, and would add the write-ahead log of the
 * one before to a file that was put in its place. Changed by the writer; asked by any thread.
 */
final class OpenedFile {
    private static final Logger LOG = LoggerFactory.getLogger(OpenedFile.class);

    /** Of the file format: the byte that says how it is written, and its value where that is done without a write-ahead log. */
    private static final int VERSION_AT = 18;

    private static final byte WITHOUT_LOG = 1;

    private final Path file;
    private final Path log;
    private volatile @Nullable Object opened;
    private @Nullable Object openedLog;

    OpenedFile(Path file) {
        this.file = file;
        this.log = beside("-wal");
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** It is open, and was just written or read. */
    void opened() {
        opened = key(file);
        openedLog = key(log);
    }

    /** Whether it was opened and is not there any more, or another has its name. */
    boolean isOther() {
        Object known = opened;
        return known != null && !known.equals(key(file));
    }

    /**
     * Puts the write-ahead log of a file that was removed or replaced out of the way of the one that is opened next. It has what was
     * committed last, so it is kept beside.
     */
    void setAside() throws JournalException {
        boolean replaced = isOther() && openedLog != null && Objects.equals(openedLog, key(log));
        if (replaced || (opened == null && isLeft())) {
            Path aside = beside("-wal.replaced");
            try {
                Files.move(log, aside, StandardCopyOption.REPLACE_EXISTING);
                Files.deleteIfExists(beside("-shm"));
                LOG.warn("{} was removed or replaced; what was written last before is in {}", file, aside);
            } catch (IOException e) {
                throw new JournalException("the log of the file before " + file + " is in the way: " + e, e);
            }
        }
    }

    /**
     * Whether the log was left by a process that was killed, and the file is a backup that was put there since: a backup has no log, and
     * its header says so.
     */
    private boolean isLeft() throws JournalException {
        if (!Files.exists(log)) {
            return false;
        }
        if (!Files.exists(file)) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(VERSION_AT + 1);
            return header.length > VERSION_AT && header[VERSION_AT] == WITHOUT_LOG;
        } catch (IOException e) {
            throw new JournalException("the journal " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Tells a file from any other of its name; null when there is none. */
    private static @Nullable Object key(Path of) {
        try {
            return Files.readAttributes(of, BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }
}
