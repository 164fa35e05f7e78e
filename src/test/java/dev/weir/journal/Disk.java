package dev.weir.journal;

import dev.weir.journal.sql.JournalStore;
import dev.weir.journal.sql.SqliteEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * A SQLite journal on a disk that loses power: what was on it at that moment is copied to another folder, where the next engine is,
 * and of what was written last only a part. Nothing of the dead engine can reach there.
 */
final class Disk implements ModelRun.Ground {
    private static final String LOG = SqliteEngine.FILE + "-wal";

    private final Path root;
    private Path folder;
    private int crashes;

    Disk(Path root) {
        this.root = root;
        this.folder = root.resolve("disk");
    }

    @Override
    public Engine create(EngineRules rules) {
        return new SqliteEngine(folder, rules);
    }

    private byte[] bytes(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }

    @Override
    public void crash(Engine engine, Random random, ModelRun.Deed last) throws Exception {
        byte[] before = bytes(SqliteEngine.FILE);
        byte[] logBefore = bytes(LOG);
        last.run();
        byte[] after = bytes(SqliteEngine.FILE);
        byte[] log = bytes(LOG);
        boolean appended = Arrays.equals(before, after)
                && log.length > logBefore.length
                && Arrays.equals(logBefore, Arrays.copyOf(log, logBefore.length));
        if (appended) {
            log = Arrays.copyOf(log, logBefore.length + random.nextInt(log.length - logBefore.length + 1));
        }
        Path next = Files.createDirectories(root.resolve("disk" + ++crashes));
        Files.write(next.resolve(SqliteEngine.FILE), after);
        if (log.length > 0) {
            Files.write(next.resolve(LOG), log);
        }
        engine.close();
        folder = next;
    }

    @Override
    public void trim(String address, long to) throws Exception {
        try (JournalStore store = JournalStore.sqlite(folder)) {
            for (JournalStore.Log log : store.logs()) {
                if (log.address().equals(address)) {
                    store.trim(log, to);
                }
            }
        }
    }

    @Override
    public void at(long millis) {
        // It is told with every call.
    }
}
