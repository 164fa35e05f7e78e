package dev.weir.journal.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what was committed out of SQLite's write-ahead log into the file while the writer goes on, on a thread of its own: that takes
 * as long as a hundred commits, and no producer should wait for it. The copying never gets quite to the end of a log that grows
 * meanwhile, so the writer does the rest once the log is long, which then is little, and begins the log anew. Nothing depends on this
 * but speed: what fails here the writer does, or fails at. Called by the writer.
 */
final class SqliteCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteCheckpoints.class);
    private static final int PAGE_BYTES = 4096;
    private static final int PAGES_PER_COMMIT = 4;
    private static final int WORTH_PAGES = 2_000;
    private static final int CLOSING_SECONDS = 30;

    private final Path file;
    private final OpenedFile opening;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread own = new Thread(task, "weir-journal-checkpoint");
        own.setDaemon(true);
        return own;
    });
    private final AtomicBoolean running = new AtomicBoolean();
    private @Nullable Connection connection;
    private long pages;

    SqliteCheckpoints(Path file, OpenedFile opening) {
        this.file = file;
        this.opening = opening;
    }

    /** A transaction was committed with so many bytes of events. */
    void wrote(long bytes) {
        pages += PAGES_PER_COMMIT + bytes / PAGE_BYTES;
        if (pages > WORTH_PAGES && running.compareAndSet(false, true)) {
            pages = 0;
            thread.execute(this::copy);
        }
    }

    private void copy() {
        try {
            Connection own = connection;
            if (own == null) {
                if (opening.isOther()) {
                    // Into that the log does not belong.
                    return;
                }
                own = Sqlite.plain(file);
                connection = own;
            }
            Sqlite.pragma(own, "wal_checkpoint(PASSIVE)");
        } catch (SQLException e) {
            LOG.debug("the writer has to copy out of the log of {} itself", file, e);
            forget();
        } finally {
            running.set(false);
        }
    }

    private void forget() {
        Closing.quietly(connection);
        connection = null;
    }

    /** Waits for what runs. Blocking. */
    void close() {
        thread.execute(this::forget);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{} is still being copied while it is closed", file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
