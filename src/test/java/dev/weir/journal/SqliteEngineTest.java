package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.journal.sql.JournalStore;
import dev.weir.journal.sql.SqliteEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteEngineTest extends ModelContract {
    @TempDir
    Path folder;

    @Override
    protected Engine create() {
        return new SqliteEngine(folder, rules());
    }

    @Override
    protected int[] rounds() {
        return new int[] {5, 150};
    }

    @Override
    protected ModelRun.Ground ground(long seed) {
        return new Disk(folder.resolve("model" + seed));
    }

    @Override
    protected JournalStore store() throws Exception {
        return JournalStore.sqlite(folder);
    }

    @Override
    protected void delete(String address, long offset) throws Exception {
        try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(SqliteEngine.FILE));
                Statement statement = sql.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM events WHERE seq = " + offset
                            + " AND log = (SELECT id FROM logs WHERE address = '" + address + "')"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 10, 11, 20, 34})
    void aGroupOfAnySizeOverSeveralLogsIsReadBackAsItWas(int size) throws Exception {
        Keep all = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
        List<Append> group = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            group.add(new Append(i % 3 == 0 ? "a" : "b", all, List.of(row("id" + i, "text" + i))));
        }
        // The second one shows that nothing of the first is left over.
        engine.commit(group, 1);
        engine.commit(List.of(new Append("b", all, List.of(row("last", "of all")))), 2);
        for (String address : List.of("a", "b")) {
            List<EventRow> sent = new ArrayList<>();
            group.stream().filter(each -> each.address().equals(address)).forEach(each -> sent.addAll(each.rows()));
            if (address.equals("b")) {
                sent.add(row("last", "of all"));
            }
            Stored kept = engine.read(address, 0, 100);
            assertThat(kept.rows().stream().map(Stored.Row::event))
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(sent);
            assertThat(kept.head().head()).isEqualTo(sent.size());
        }
    }

    @Test
    void ofManyEventsTheNewestAreCounted() throws Exception {
        EventRow[] rows = new EventRow[10_001];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row("" + i, i == 0 ? "the oldest is not counted" : "xx");
        }
        append("many", ALL, rows);
        assertThat(engine.size("many")).hasValue(new Journal.Size(40_000, 10_000, false));
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve(SqliteEngine.FILE), "this is not a database, whatever it is".repeat(100));
        try (Engine engine = new SqliteEngine(other, rules())) {
            assertThatThrownBy(() -> engine.open(0))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(SqliteEngine.FILE);
        }
        assertThat(Files.readString(other.resolve(SqliteEngine.FILE))).startsWith("this is not");
    }

    @Test
    void whatSubscriptionsDidIsCopiedIntoTheFileWhileItIsOpen() throws Exception {
        Path other = folder.resolve("work");
        EventRow large = row("a", "x".repeat(1 << 20));
        try (Engine engine = new SqliteEngine(other, rules())) {
            engine.open(0);
            WorkStore work = engine.work().orElseThrow();
            for (int i = 0; i < 10; i++) {
                Work.Deferred waits = new Work.Deferred(new Work.Place("orders", "e", i), 1, 1, List.of(), large);
                Work done = new Work("billing", null, List.of(), List.of(waits), List.of(), List.of(), List.of());
                assertThat(work.keep(List.of(done))).containsExactly(true);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.size(other.resolve(SqliteEngine.FILE)) > 5 << 20);
        }
    }

    @Test
    void whatWasCommittedIsCopiedIntoTheFileWhileItIsOpen() throws Exception {
        Keep all = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
        Path other = folder.resolve("copied");
        String large = "x".repeat(1 << 20);
        try (Engine engine = new SqliteEngine(other, rules())) {
            engine.open(0);
            for (int i = 0; i < 16; i++) {
                engine.commit(List.of(new Append("a", all, List.of(row("" + i, large)))), 1);
            }
            // Long before the log is as long as it may get.
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.size(other.resolve(SqliteEngine.FILE)) > 4L << 20);
            assertThat(engine.read("a", 15, 10).rows()).hasSize(1);
        }
    }

    @Test
    void aFileThatCannotBeWrittenRefusesAndRecovers() throws Exception {
        Keep all = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
        Path other = folder.resolve("full");
        try (Engine engine = new SqliteEngine(other, rules())) {
            engine.open(0);
            engine.commit(List.of(new Append("a", all, List.of(row("1", "kept")))), 1);
        }
        try (Engine engine = new SqliteEngine(other, rules());
                Connection limited = DriverManager.getConnection("jdbc:sqlite:" + other.resolve(SqliteEngine.FILE));
                Statement reader = limited.createStatement()) {
            engine.open(2);
            // Another writer holds the file: what a locked or failing disk looks like to the engine.
            reader.execute("PRAGMA busy_timeout=1");
            reader.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> engine.commit(List.of(new Append("a", all, List.of(row("2", "refused")))), 3))
                    .isInstanceOf(JournalException.class);
            reader.execute("ROLLBACK");
            engine.open(4);
            assertThat(engine.heads(List.of("a")).get("a").head()).isEqualTo(1);
            engine.commit(List.of(new Append("a", all, List.of(row("2", "kept")))), 5);
            assertThat(engine.read("a", 0, 10).rows()).hasSize(2);
        }
    }

    @Test
    void aNewerSchemaIsRefused() throws Exception {
        Path other = folder.resolve("newer");
        try (Engine engine = new SqliteEngine(other, rules())) {
            engine.open(0);
        }
        try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + other.resolve(SqliteEngine.FILE));
                Statement statement = sql.createStatement()) {
            statement.executeUpdate("UPDATE weir_schema SET version = 99");
        }
        try (Engine engine = new SqliteEngine(other, rules())) {
            assertThatThrownBy(() -> engine.open(0)).hasMessageContaining("newer Weir");
        }
    }

    @Test
    void idleLogsAreTrimmedAsTheirPolicySaysNowAndTheFileShrinks() throws Exception {
        Keep all = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
        Path other = folder.resolve("idle");
        long size;
        try (Engine engine = new SqliteEngine(other, rules())) {
            engine.open(0);
            List<EventRow> rows = new java.util.ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                rows.add(row("e" + i, "x".repeat(500)));
            }
            engine.commit(List.of(new Append("a", all, rows)), 1);
        }
        size = Files.size(other.resolve(SqliteEngine.FILE));
        Keep ten = new Keep(10, Long.MAX_VALUE, 0);
        try (Engine engine = new SqliteEngine(other, new EngineRules(WINDOW_MILLIS, 10, FORGET_MILLIS, any -> ten))) {
            engine.open(2);
            for (int i = 0; i < 20; i++) {
                engine.tidy(3);
            }
            assertThat(engine.heads(List.of("a")).get("a").floor()).isEqualTo(4_990);
            assertThat(engine.read("a", 0, 100).rows()).hasSize(10);
        }
        assertThat(Files.size(other.resolve(SqliteEngine.FILE))).isLessThan(size / 2);
    }

    private static void put(Path backup, Path file) throws Exception {
        Path copy = backup.resolveSibling("copy");
        Files.copy(backup, copy);
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void missFile(Engine engine) {
        assertThatThrownBy(() -> engine.tidy(START)).hasMessageContaining("removed or replaced");
        assertThatThrownBy(() -> engine.read("behind", 0, 10)).isInstanceOf(JournalException.class);
    }

    private static Outcome append(Engine engine, String address, String... ids) throws Exception {
        List<EventRow> rows =
                java.util.Arrays.stream(ids).map(id -> row(id, id)).toList();
        return engine.commit(List.of(new Append(address, ALL, rows)), START).get(0);
    }

    /** Offsets that were acknowledged since the backup are given again, so they must be in another epoch. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBackupUnderARunningNodeGoesOnInAnotherEpochWhereItIsBehind(boolean removedFirst) throws Exception {
        Path other = folder.resolve("restored");
        Path file = other.resolve(SqliteEngine.FILE);
        Path backup = folder.resolve("backup.db");
        try (Engine own = new SqliteEngine(other, rules())) {
            own.open(START);
            String even = append(own, "even", "1", "2").head().epoch();
            String before = append(own, "behind", "1", "2").head().epoch();
            Work.Cursor cursor = new Work.Cursor("behind", before, 1, "");
            WorkStore work = own.work().orElseThrow();
            work.keep(List.of(new Work("s", null, List.of(cursor), List.of(), List.of(), List.of(), List.of())));
            try (JournalStore store = JournalStore.sqlite(other)) {
                store.backup(backup);
            }
            append(own, "behind", "3", "4", "5");
            if (removedFirst) {
                Files.delete(file);
                missFile(own);
                own.open(START);
                assertThat(append(own, "behind", "new").head().epoch()).isNotEqualTo(before);
            }
            put(backup, file);
            missFile(own);
            own.open(START);
            assertThat(own.heads(List.of("even")).get("even").epoch()).isEqualTo(even);
            Outcome next = append(own, "behind", "6");
            assertThat(next.offsets()).containsExactly(3);
            assertThat(next.head().epoch()).isNotEqualTo(before);
            assertThat(work.standing("s").cursors())
                    .containsExactly(new Work.Cursor("behind", next.head().epoch(), 1, ""));
            assertThat(own.read("behind", 0, 10).rows())
                    .extracting(row -> row.event().id())
                    .containsExactly("1", "2", "6");
            own.open(START);
            assertThat(own.heads(List.of("behind")).get("behind")).isEqualTo(next.head());
        }
        try (JournalStore store = JournalStore.sqlite(other)) {
            assertThat(store.verify()).isEmpty();
        }
    }
}
