package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.PostgresServer;
import dev.weir.TestNode;
import dev.weir.bus.Keep;
import dev.weir.journal.Append;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.sql.JournalStore;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir journal} on journals of both engines. */
class JournalCommandsTest {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, keep: {events: 1000}}
              - {match: prices, publish: anyone, subscribe: anyone, keep: latest}
            """;
    private static final Keep THOUSAND = new Keep(1000, Long.MAX_VALUE, 0);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TempDir
    Path home;

    private Path conf;

    @BeforeEach
    void configure() throws IOException {
        conf = Files.createDirectories(home.resolve("conf")).resolve("weir.yaml");
        Files.writeString(conf, YAML);
    }

    private String run(String input, String... line) throws IOException {
        return run(0, input, line);
    }

    private String run(int code, String input, String... line) throws IOException {
        out.reset();
        List<String> arguments = new ArrayList<>(List.of(line));
        arguments.addAll(List.of("--conf", conf.toString()));
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        assertThat(new JournalCommands(Map.of(), in, print).journal(arguments)).isEqualTo(code);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static EventRow row(String id, String subject, int kind, String data) {
        byte[] bytes = kind == EventRow.NOTHING ? null : data.getBytes(StandardCharsets.UTF_8);
        return new EventRow(
                id, "/s", "t", subject, "2026-01-01T00:00:00Z", "ann", true, "{\"ce-n\":\"1\"}", kind, bytes);
    }

    private static void fill(Engine engine) throws Exception {
        engine.open(1_700_000_000_000L);
        Append orders = new Append(
                "orders",
                THOUSAND,
                List.of(
                        row("a", "k", EventRow.JSON, "{\"n\":1}"),
                        row("b", "k", EventRow.BYTES, "bytes"),
                        row("c", "k", EventRow.NOTHING, "")));
        Append prices = new Append(
                "prices", Keep.LATEST, List.of(row("d", "x", EventRow.JSON, "1"), row("e", "x", EventRow.JSON, "2")));
        engine.commit(List.of(orders, prices), 1_700_000_000_000L);
    }

    private Engine sqlite() {
        return JournalStore.engine(home.resolve("data"), null, "weir", 5_000, rules());
    }

    private static EngineRules rules() {
        return new EngineRules(
                120_000, 1_000, Long.MAX_VALUE / 2, address -> address.equals("prices") ? Keep.LATEST : THOUSAND);
    }

    private static List<JsonObject> lines(String text) {
        return text.lines().map(JsonObject::new).toList();
    }

    private static List<JsonObject> withoutPlaces(String text) {
        List<JsonObject> lines = lines(text);
        lines.forEach(line -> {
            line.remove("epoch");
            line.remove("offset");
            line.remove("appended");
        });
        return lines;
    }

    @Test
    void anImportThatFailsInTheMiddleChangesNothingAndMayBeRepeated() throws Exception {
        try (Engine engine = sqlite()) {
            fill(engine);
        }
        String[] replacing = {"import", "--replace", "orders", "--replace", "prices"};
        String before = run("", "export");
        sql("CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.subject = 'x'"
                + " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        assertThatThrownBy(() -> run(before, replacing))
                .hasMessageContaining("the disk is full")
                .hasMessageContaining("nothing is imported");
        assertThat(run("", "export")).isEqualTo(before);
        assertThat(lines(run("", "stat"))).hasSize(2);
        // As if it had been killed.
        sql("INSERT INTO logs (id, address, epoch, head, floor, appended)"
                + " VALUES (77, '__import.orders', 'e', 5, 0, 0)");
        sql("DROP TRIGGER full");
        assertThat(run(before, replacing)).contains("imported 4 events");
        assertThat(withoutPlaces(run("", "export"))).isEqualTo(withoutPlaces(before));
        assertThat(lines(run("", "stat"))).hasSize(2);
        assertThat(run("", "verify")).startsWith("good");
    }

    private void sql(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("data/journal.db"));
                Statement own = connection.createStatement()) {
            own.execute(statement);
        }
    }

    @Test
    void whatIsExportedIsImportedAsItWasInAnotherEpoch() throws Exception {
        try (Engine engine = sqlite()) {
            fill(engine);
        }
        List<JsonObject> stat = lines(run("", "stat"));
        assertThat(stat).hasSize(2);
        assertThat(stat.get(0).getString("address")).isEqualTo("orders");
        assertThat(stat.get(0).getLong("events")).isEqualTo(3);
        assertThat(stat.get(1).getLong("events")).isEqualTo(1);
        String exported = run("", "export");
        assertThat(lines(exported)).hasSize(4);
        assertThat(lines(exported).get(0).getJsonObject("headers").getString("ce-authid"))
                .isEqualTo("ann");
        assertThatThrownBy(() -> run(exported, "import")).hasMessageContaining("--replace orders");
        assertThat(run(exported, "import", "--replace", "orders", "--replace", "prices"))
                .contains("imported 4 events");
        assertThat(withoutPlaces(run("", "export"))).isEqualTo(withoutPlaces(exported));
        assertThat(lines(run("", "stat")).get(0).getString("epoch"))
                .isNotEqualTo(stat.get(0).getString("epoch"));
        assertThat(run("", "verify")).contains("good, 2 logs");
    }

    @Test
    void aMistakeInAnyLineLeavesWhatIsThereAsItWas() throws Exception {
        try (Engine engine = sqlite()) {
            fill(engine);
        }
        String before = run("", "export");
        String[] replacing = {"import", "--replace", "orders", "--replace", "prices"};
        assertThatThrownBy(() -> run(before + before.substring(0, 40), replacing))
                .hasMessageContaining("line 5 is not a JSON object");
        assertThatThrownBy(() -> run(before + "{\"address\":\"orders\"}\n", replacing))
                .hasMessageContaining("line 5 has no address or no headers");
        assertThatThrownBy(() -> run(before + "{\"address\":\"elsewhere\",\"headers\":{}}", replacing))
                .hasMessageContaining("no policy keeps events of 'elsewhere'");
        assertThatThrownBy(() -> run(before.replace("orders", "prices"), replacing))
                .hasMessageContaining("there is no event of orders");
        assertThat(run("", "export")).isEqualTo(before);
        assertThat(run(before + "\n\n", replacing)).contains("imported 4 events");
    }

    @Test
    void whatIsNotUtf8IsSaidAndChangesNothing() throws Exception {
        try (Engine engine = sqlite()) {
            fill(engine);
        }
        String before = run("", "export");
        byte[] latin =
                "{\"address\":\"orders\",\"headers\":{},\"data\":\"\u00fc\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        List<String> line = List.of("import", "--replace", "orders", "--conf", conf.toString());
        assertThatThrownBy(
                        () -> new JournalCommands(Map.of(), new ByteArrayInputStream(latin), System.out).journal(line))
                .hasMessageContaining("not UTF-8");
        assertThat(run("", "export")).isEqualTo(before);
    }

    @Test
    void anExportThatDoesNotGetWhereItShouldFails() throws Exception {
        try (Engine engine = sqlite()) {
            fill(engine);
        }
        PrintStream full = new PrintStream(new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] export = {"journal", "export", "--conf", conf.toString()};
        assertThat(new Cli(Map.of(), full, new PrintStream(err, true, StandardCharsets.UTF_8)).run(export))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("not all was written");
    }

    @Test
    void aBackupInThePlaceOfAFileWhoseNodeWasKilledIsWhatItWas() throws Exception {
        Path data = home.resolve("data");
        Path copy = home.resolve("copy.db");
        Path left = home.resolve("left");
        try (Engine engine = sqlite()) {
            fill(engine);
            run("", "backup", copy.toString());
            engine.commit(
                    List.of(new Append("orders", THOUSAND, List.of(row("f", "k", EventRow.JSON, "3")))),
                    1_700_000_000_000L);
            Files.copy(data.resolve("journal.db-wal"), left);
        }
        assertThatThrownBy(() -> run("", "backup", copy.toString())).hasMessageContaining("is there already");
        assertThatThrownBy(() -> run("", "backup", home.resolve("no/copy").toString()))
                .hasMessageContaining("there is no folder");
        for (boolean nodeFirst : List.of(true, false)) {
            Files.copy(copy, data.resolve("journal.db"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(left, data.resolve("journal.db-wal"), StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(data.resolve("journal.db-wal.replaced"));
            if (nodeFirst) {
                try (Engine engine = sqlite()) {
                    engine.open(1_700_000_000_000L);
                    assertThat(engine.heads(List.of("orders")).get("orders").head())
                            .isEqualTo(3);
                }
            }
            assertThat(run("", "verify")).contains("good, 2 logs");
            assertThat(lines(run("", "stat")).get(0).getLong("events")).isEqualTo(3);
            assertThat(data.resolve("journal.db-wal.replaced")).hasSameBinaryContentAs(left);
        }
    }

    @Test
    void aJournalMovesFromPostgresqlToSqlite() throws Exception {
        try (PostgresServer server = new PostgresServer(home)) {
            String uri = server.database("shop");
            try (Engine engine = JournalStore.engine(home, uri, "weir", 5_000, rules())) {
                fill(engine);
            }
            Files.writeString(conf, "journal: {engine: postgresql, uri: '" + uri + "'}\n" + YAML);
            assertThat(lines(run("", "stat")).get(0).getLong("bytes")).isEqualTo(12);
            assertThat(run("", "verify")).contains("good, 2 logs");
            assertThat(run("", "trim", "orders", "--to", "2")).contains("up to 2 are gone");
            String whole = run("", "export");
            String[] replacing = {"import", "--replace", "orders", "--replace", "prices"};
            try (JournalStore other = JournalStore.postgresql(uri, "weir", 5_000)) {
                assertThat(other.isOnlyImport()).isTrue();
                assertThatThrownBy(() -> run(whole, replacing)).hasMessageContaining("another import is under way");
            }
            assertThat(run(whole, replacing)).contains("imported 2 events");
            assertThat(withoutPlaces(run("", "export"))).isEqualTo(withoutPlaces(whole));
            assertThat(run("", "verify")).contains("good, 2 logs");
            String exported = run("", "export", "orders");
            assertThat(lines(exported)).hasSize(1);
            assertThatThrownBy(() -> run("", "backup", home.resolve("x").toString()))
                    .hasMessageContaining("pg_dump");
            Files.writeString(conf, YAML);
            run(exported, "import");
            assertThat(withoutPlaces(run("", "export"))).isEqualTo(withoutPlaces(exported));
        }
    }

    @Test
    void aRunningNodeMayBeReadAndCopiedButNotWritten() throws Exception {
        try (Engine engine = sqlite()) {
            fill(engine);
        }
        try (TestNode node = TestNode.start(home, YAML)) {
            assertThat(node.port()).isPositive();
            assertThat(lines(run("", "stat"))).hasSize(2);
            Path copy = home.resolve("copy.db");
            run("", "backup", copy.toString());
            assertThat(copy).isNotEmptyFile();
            assertThatThrownBy(() -> run("", "trim", "orders", "--to", "1"))
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
        }
        assertThat(run("", "trim", "orders", "--to", "1")).contains("up to 1 are gone");
        try (TestNode node = TestNode.start(home, YAML)) {
            assertThat(node.port()).isPositive();
            assertThat(lines(run("", "export", "orders"))).hasSize(2);
        }
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertThatThrownBy(() -> run("", "stat")).hasMessageContaining("there is no journal");
        assertThatThrownBy(() -> run("", "look")).hasMessageContaining("expected one of stat");
        try (Engine engine = sqlite()) {
            fill(engine);
        }
        assertThatThrownBy(() -> run("", "export", "other")).hasMessageContaining("nothing was ever kept of other");
        assertThatThrownBy(() -> run("", "trim", "prices", "--to", "1")).hasMessageContaining("publish null");
        assertThatThrownBy(() -> run("{\"address\":\"elsewhere\",\"headers\":{}}", "import"))
                .hasMessageContaining("no policy keeps events of 'elsewhere'");
        assertThatThrownBy(() -> run("what", "import")).hasMessageContaining("line 1 is not a JSON object");
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("data/journal.db"));
                var statement = sql.createStatement()) {
            statement.executeUpdate("DELETE FROM events WHERE seq = 2");
        }
        assertThat(run(1, "", "verify"))
                .contains("events missing above the floor of orders")
                .contains("keys without their event in prices");
        Files.writeString(conf, "journal: {engine: hazelcast}\n" + YAML);
        assertThatThrownBy(() -> run("", "stat")).hasMessageContaining("in the memory of the running nodes");
    }
}
