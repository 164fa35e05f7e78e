package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as a user types them: what they print and how they exit. */
class CliTest {
    private static final String YAML = """
            auth: {jwt: {secret: "0123456789abcdef0123456789abcdef"}}
            addresses:
              - {match: "notes.{owner}", publish: "self:owner", subscribe: anyone}
              - {match: clicks, publish: anyone, subscribe: anyone}
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path home;

    private int run(String line, Map<String, String> env) {
        out.reset();
        err.reset();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream complain = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Cli(env, print, complain).run(line.split(" "));
    }

    private String conf(String yaml) throws IOException {
        Path file = Files.createDirectories(home.resolve("conf")).resolve("weir.yaml");
        Files.writeString(file, yaml);
        return " --conf " + file;
    }

    @Test
    void checkSaysEverythingThatIsWrongAtOnce() throws IOException {
        assertThat(run("check" + conf(YAML), Map.of())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("good, 2 policies");
        int code = run(
                "check" + conf("http: {prot: 1}\naddresses:\n  - {match: a, publish: al}\n  - {match: a..b}\n"),
                Map.of());
        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("weir.yaml:1")
                .contains("weir.yaml:3")
                .contains("weir.yaml:4")
                .contains("port");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {engine: hazelcast} |           | refuse | 2
            {engine: auto}      | --cluster | refuse | 2
            {engine: auto}      | --cluster | skip   | 0
            {engine: hazelcast} |           | skip   | 0
            {engine: auto}      |           | refuse | 0
            {engine: auto}      |           | maybe  | 2
            """)
    void aFlowThatNothingCanKeepIsAProblemUnlessItIsLeftOut(
            String journal, @Nullable String option, String otherwise, int code) throws IOException {
        Path flows = Files.createDirectories(home.resolve("conf/flows"));
        Files.writeString(
                flows.resolve("kept.yaml"), "flow: kept\nfrom: orders\nto: clicks\nif-not-kept: " + otherwise + "\n");
        String yaml = "journal: " + journal + "\n" + YAML + "  - {match: orders, publish: anyone, keep: {events: 9}}\n";
        assertThat(run("check" + conf(yaml) + (option == null ? "" : " " + option), Map.of()))
                .isEqualTo(code);
        if (code == 2 && otherwise.equals("refuse")) {
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("conf/flows/kept.yaml:2: flow kept reads orders, which has keep")
                    .contains("use PostgreSQL");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# nothing\n", "addresses:\n", "log:\n\tlevel: info\n", "log: {}\nlog: {}\n", "\u0000", "[[["
            })
    void aFileThatIsNoConfigurationExitsWithTwoAndItsPlace(String yaml) throws IOException {
        assertThat(run("check" + conf(yaml), Map.of())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .containsPattern("weir\\.yaml:[1-9]")
                .contains("\n    ");
    }

    @Test
    void aFileThatCannotBeReadExitsWithTwo() throws IOException {
        assertThat(run("check --conf " + home, Map.of())).isEqualTo(2);
        Files.writeString(
                Files.createDirectories(home.resolve("conf/flows")).resolve("a.yaml"), "flow: a\nfrom: b\nto: c\n");
        assertThat(run("check --conf " + home.resolve("conf/none.yaml"), Map.of()))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("does not exist")
                .doesNotContain("a.yaml");
        Path secret = Files.writeString(home.resolve("secret.yaml"), YAML);
        Files.setPosixFilePermissions(secret, Set.of());
        assumeThat(Files.isReadable(secret)).as("root reads everything").isFalse();
        assertThat(run("check --conf " + secret, Map.of())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("may not be read", "read permission");
    }

    @Test
    void configShowsOriginsAndMasksSecrets() throws IOException {
        assertThat(run("config" + conf(YAML), Map.of("WEIR_HTTP_PORT", "9"))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("http.port: 9    # WEIR_HTTP_PORT")
                .contains("http.host: 127.0.0.1    # (default)")
                .contains("auth.jwt.secret: ********")
                .doesNotContain("0123456789abcdef");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            notes.ann --as ann | publish: yes   | 0
            notes.ann --as bob | publish: no    | 0
            notes.ann          | subscribe: yes | 0
            nowhere            | no policy      | 3
            """)
    void explainSaysWhoDecides(String arguments, String expected, int code) throws IOException {
        assertThat(run("explain " + arguments.trim() + conf(YAML), Map.of())).isEqualTo(code);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(expected.trim());
    }

    @Test
    void aTokenCarriesWhatWasAskedFor() throws IOException {
        assertThat(run("token --sub ann --role admin --for 5m" + conf(YAML), Map.of()))
                .isZero();
        String[] parts = out.toString(StandardCharsets.UTF_8).trim().split("\\.", -1);
        JsonObject claims = new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        assertThat(claims.getString("sub")).isEqualTo("ann");
        assertThat(claims.getJsonArray("roles").getString(0)).isEqualTo("admin");
        assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(300);
    }

    @Test
    void aStarterProjectIsGoodAndClosed() throws IOException {
        Path folder = home.resolve("mine");
        assertThat(run("init " + folder, Map.of())).isZero();
        assertThat(run("check --conf " + folder.resolve("conf/weir.yaml"), Map.of()))
                .isZero();
        assertThat(run("explain notes.ann --conf " + folder.resolve("conf/weir.yaml"), Map.of()))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("publish: no").contains("subscribe: no");
        assertThat(Files.readString(folder.resolve("conf/secret")).trim()).hasSize(64);
        assertThat(run("init " + folder, Map.of())).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            frobnicate                      | unknown command
            check --frob x                  | unknown option --frob
            token --role x                  | --sub NAME is needed
            explain                         | expected an address
            tap                             | expected an address or a pattern
            tap a --rate fast               | --rate is a whole number
            publish a --data {broken        | is not JSON
            publish a --data 1 --url ::     | is no address of a server
            addresses --token a\u0001b      | the token has a character
            token --sub ann --for 0s        | --for is 0s
            token --sub ann --for 99999999d | from 1s to 3650d
            token --sub=                    | --sub is empty
            addresses --frob                | see weir addresses --help
            chekc                           | did you mean check?
            """)
    void aWrongCommandLineExitsWithTwoAndTheMend(String line, String message) {
        assertThat(run(line.trim(), Map.of())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(message.trim());
    }

    @Test
    void aFolderOfFlowsThatIsNotThereIsAProblem() throws IOException {
        assertThat(run("check" + conf("flows: {path: conf/strems}\n" + YAML), Map.of()))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("weir.yaml:1: flows.path: there is no folder")
                .contains("correct the name");
    }

    @Test
    void problemsAreSaidFileByFile() throws IOException {
        Path flows = Files.createDirectories(home.resolve("conf/flows"));
        for (String name : List.of("b", "a")) {
            Files.writeString(flows.resolve(name + ".yaml"), "flow: " + name + "\nfrom: nowhere\nto: none\n");
        }
        assertThat(run("check" + conf(YAML + "http: {prot: 1}\n"), Map.of())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.contains(".yaml:"))
                        .map(line -> line.replaceFirst(".*/(\\w+\\.yaml:\\d+):.*", "$1")))
                .containsExactly("weir.yaml:5", "a.yaml:2", "a.yaml:3", "b.yaml:2", "b.yaml:3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check --help", "check -h", "check --conf none --help"})
    void aCommandSaysHowItIsUsed(String line) {
        assertThat(run(line, Map.of())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("weir check [--conf FILE]", "Exit codes: 0 done")
                .doesNotContain("weir config", "WEIR_URL");
    }

    @Test
    void everyCommandIsInTheHelp() throws IOException {
        assertThat(run("dead-letters --help", Map.of())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("dead-letters groups", "FILTER: --subscription", "WEIR_URL")
                .doesNotContain("weir trace");
        for (String command : new Cli(Map.of(), System.out, System.err).names()) {
            assertThat(Help.of(command)).as(command).contains("weir " + command);
        }
    }

    @Test
    void aServerThatIsNotWeirIsSaid() {
        try (TestNode node = TestNode.start(home.resolve("node"), YAML)) {
            assertThat(run("flows --url " + node.url("/metrics?"), Map.of())).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("does --url name a node?");
        }
    }

    @Test
    void aTapPrintsWhatPassesItsFilterUntilTheServerEnds() {
        PrintStream aside = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        TestNode node = TestNode.start(home.resolve("node"), YAML);
        Map<String, String> env = Map.of("WEIR_URL", node.url(""));
        String[] tap = {"tap", "clicks", "--filter", "event.data > 1", "--rate", "50", "--token", viewer()};
        var ended = CompletableFuture.supplyAsync(
                () -> new Cli(env, new PrintStream(out, true, StandardCharsets.UTF_8), aside).run(tap));
        await().until(() -> {
            for (String data : List.of("1", "2")) {
                new Cli(env, aside, aside).run(new String[] {"publish", "clicks", "--type", "click", "--data", data});
            }
            return !out.toString(StandardCharsets.UTF_8).isEmpty();
        });
        JsonObject line = new JsonObject(
                out.toString(StandardCharsets.UTF_8).lines().findFirst().orElseThrow());
        assertThat(line.getString("weiraddress")).isEqualTo("clicks");
        assertThat(line.getString("weirvia")).isEqualTo("publish");
        assertThat(line.getString("type")).isEqualTo("click");
        assertThat(line.getInteger("data")).isEqualTo(2);
        node.close();
        assertThat(ended.join()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aTailPrintsEventsAndNothingElseUntilTheServerEnds() {
        PrintStream aside = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        TestNode node = TestNode.start(
                home.resolve("node"),
                YAML + "  - {match: kept, publish: anyone, subscribe: anyone, keep: {events: 9}}\n");
        Map<String, String> env = Map.of("WEIR_URL", node.url(""));
        var ended = CompletableFuture.supplyAsync(() -> new Cli(
                        env,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(new String[] {"tail", "clicks", "kept"}));
        await().until(() -> {
            for (String address : List.of("clicks", "kept")) {
                new Cli(env, aside, aside).run(new String[] {"publish", address, "--data", "\"\u00fc\""});
            }
            return out.toString(StandardCharsets.UTF_8).lines().count() > 1;
        });
        node.close();
        assertThat(ended.join()).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .allMatch(line -> new JsonObject(line).getString("data").equals("\u00fc"));
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("weir tail: the server ended the stream: ");
    }

    @Test
    void aTailEndsWhenNobodyReadsIt() {
        PrintStream aside = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        try (TestNode node = TestNode.start(home.resolve("node"), YAML)) {
            Map<String, String> env = Map.of("WEIR_URL", node.url(""));
            PrintStream gone = new PrintStream(new java.io.OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    throw new IOException("Broken pipe");
                }
            });
            var ended =
                    CompletableFuture.supplyAsync(() -> new Cli(env, gone, aside).run(new String[] {"tail", "clicks"}));
            await().until(() -> {
                new Cli(env, aside, aside).run(new String[] {"publish", "clicks", "--data", "1"});
                return ended.isDone();
            });
            assertThat(ended.join()).isEqualTo(ExitCode.FAILED);
        }
    }

    private static String viewer() {
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
        JsonObject claims = Tokens.claims("vera", 600).put("roles", new JsonArray().add("viewer"));
        return Tokens.hs256(new JsonObject().put("alg", "HS256"), claims, secret);
    }

    @Test
    void clientsSayWhenNobodyAnswersAndWhenTheyAreRefused() {
        assertThat(run("addresses --url http://127.0.0.1:1", Map.of())).isEqualTo(4);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("nobody answers at");
        try (TestNode node = TestNode.start(home.resolve("node"), YAML)) {
            assertThat(run("tail nowhere", Map.of("WEIR_URL", node.url("")))).isEqualTo(3);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("unknown_address");
        }
    }

    @Test
    void aPasswordBecomesWhatTheConfigurationKeeps() throws IOException {
        java.io.InputStream before = System.in;
        try {
            System.setIn(
                    new java.io.ByteArrayInputStream("correct horse battery\nmore".getBytes(StandardCharsets.UTF_8)));
            assertThat(run("password", Map.of())).isZero();
            String hash = out.toString(StandardCharsets.UTF_8).trim();
            assertThat(run(
                            "check"
                                    + conf("auth: {console: {users: [{name: ann, password: '" + hash + "'}]}}\n"
                                            + YAML.replaceFirst("auth.*\n", "")),
                            Map.of()))
                    .isZero();
            System.setIn(new java.io.ByteArrayInputStream("hunter2\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(run("password", Map.of())).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("7 characters")
                    .doesNotContain("hunter2");
            System.setIn(new java.io.ByteArrayInputStream(new byte[0]));
            assertThat(run("password", Map.of())).isEqualTo(2);
        } finally {
            System.setIn(before);
        }
    }
}
