package dev.weir.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.Ports;
import dev.weir.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command of the pages is run as it stands, against a node that is started as the README says. */
class CommandsIT {
    private static final Path HERE = Path.of("");
    private static final Pattern COMMAND = Pattern.compile("(scripts/\\w+|curl|kill)\\b.*");

    /** What a command of this kind prints; of others it is enough that they succeed. */
    private record Expected(String command, String output) {}

    private static final List<Expected> EXPECTED = List.of(
            new Expected("scripts/weir publish .*", "\"id\":\\s*\"[^\"]+\""),
            new Expected("curl .*/events\\?.*", "\\{\"id\":\"[^\"]+\"\\}"),
            new Expected("scripts/weir explain .*", "conf/weir.yaml:\\d+\\s+publish: yes"),
            new Expected("scripts/weir init .*", "made .*my-app"),
            new Expected("scripts/weir check.*", "conf/weir.yaml: good"),
            new Expected("scripts/weir addresses", "\"address\":\\s*\"clicks\""));

    /** Run by tests of their own, or they are the tests themselves. */
    private static final Pattern ELSEWHERE =
            Pattern.compile("scripts/(weir|weir prepare|test|cluster|bench|format)( +[#\\d].*)?");

    /** A program that runs for a second need not be optimised for a day. */
    private static final String BRIEFLY = "-XX:TieredStopAtLevel=1";

    private static final int AT_A_TIME = 6;

    @TempDir
    private static Path data;

    private static Program node;
    private static String url;

    @BeforeAll
    static void start() {
        Program.useBuiltJar();
        // First, or each start would do its part of it.
        try (Program prepare = Program.shell(HERE, Map.of(), "scripts/weir prepare")) {
            assertThat(prepare.exit()).as(prepare.output()).isZero();
        }
        node = Program.shell(
                HERE,
                Map.of("WEIR_HTTP_PORT", "0", "WEIR_JOURNAL_PATH", data.toString(), "WEIR_OPTS", "-Xmx256m " + BRIEFLY),
                "scripts/weir");
        url = node.ready();
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    static List<Markdown.Code> commands() throws IOException {
        List<Markdown.Code> all = new ArrayList<>();
        for (Markdown.Code code : Markdown.code()) {
            boolean sentence = code.info().equals("inline") && code.text().matches("scripts/weir \\w.*");
            if (code.info().equals("sh") || sentence) {
                List<String> lines = code.text().lines().toList();
                for (int i = 0; i < lines.size(); i++) {
                    all.add(new Markdown.Code(code.page(), code.line() + i, code.info(), lines.get(i)));
                }
            }
        }
        return all;
    }

    @Test
    void everyCommandDoesWhatThePageSays() throws Exception {
        List<Running> all = new ArrayList<>();
        try {
            // Some at a time: they have nothing to do with each other, and each is busy with its start.
            for (Markdown.Code command : commands()) {
                if (ELSEWHERE.matcher(command.text()).matches()) {
                    Path script = Path.of(command.text().replaceFirst(" .*", ""));
                    assertThat(Files.isExecutable(script)).as("%s", command).isTrue();
                } else {
                    all.add(new Running(command, run(command.text())));
                    if (all.size() > AT_A_TIME) {
                        all.get(all.size() - 1 - AT_A_TIME).doesWhatThePageSays();
                    }
                }
            }
            for (Running each : all.subList(Math.max(0, all.size() - AT_A_TIME), all.size())) {
                each.doesWhatThePageSays();
            }
        } finally {
            all.forEach(each -> each.program().close());
        }
        assertThat(all).hasSizeGreaterThan(4);
    }

    private record Running(Markdown.Code command, Program program) {
        void doesWhatThePageSays() {
            if (staysRunning(command.text())) {
                program.says(said -> {
                    try (Program publish = run("scripts/weir publish clicks --data 1")) {
                        publish.exit();
                    }
                    return said.contains("\"data\":");
                });
            } else {
                assertThat(program.exit())
                        .as("%s: %s", command, program.output())
                        .isZero();
                assertThat(program.output()).as("%s", command).containsPattern(expected(command.text()));
            }
        }
    }

    @Test
    void aReloadIsToldAndTheNodeGoesOn() throws Exception {
        node.signal("HUP");
        node.says(said -> said.contains("reloaded: "));
        Program publish = run("scripts/weir publish clicks --data 1");
        assertThat(publish.exit()).isZero();
    }

    @Test
    void everyCommandIsFencedSoThatItRuns() throws IOException {
        assertThat(Markdown.code().stream()
                        .filter(code -> !List.of("sh", "shell", "inline").contains(code.info()))
                        .filter(code -> COMMAND.matcher(code.text()).lookingAt()))
                .as("commands in blocks that are not fenced as ```sh, or ```shell where they cannot be run")
                .isEmpty();
    }

    @Test
    void aClusterOnThisMachine() throws Exception {
        int first = Ports.free(2);
        int hazelcast = Ports.free(2);
        Map<String, String> env = Map.of(
                "WEIR_CLUSTER_FIRST_PORT", String.valueOf(first),
                "WEIR_CLUSTER_BUS_PORT", String.valueOf(Ports.free(2)),
                "WEIR_CLUSTER_PORT", String.valueOf(hazelcast),
                "WEIR_CLUSTER_JOIN", "127.0.0.1:" + hazelcast + ",127.0.0.1:" + (hazelcast + 1),
                "WEIR_JOURNAL_PATH", data.resolve("cluster").toString(),
                "WEIR_OPTS", "-Xmx200m " + BRIEFLY);
        try (Program cluster = Program.shell(HERE, env, "exec scripts/cluster 2")) {
            cluster.says(said -> said.contains("node 2: http://127.0.0.1:" + (first + 1)));
            for (int port : List.of(first, first + 1)) {
                await("node " + port).atMost(Duration.ofMinutes(4)).until(() -> isReady(port));
            }
            try (Program tail = at(first + 1, "scripts/weir tail clicks")) {
                tail.says(said -> {
                    try (Program publish = at(first, "scripts/weir publish clicks --data 1")) {
                        publish.exit();
                    }
                    return said.contains("\"data\":");
                });
            }
        }
    }

    private static boolean isReady(int port) throws InterruptedException {
        try {
            HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                    .build();
            return HttpClient.newHttpClient()
                            .send(health, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Program at(int port, String command) {
        return Program.shell(HERE, Map.of("WEIR_URL", "http://127.0.0.1:" + port, "WEIR_OPTS", BRIEFLY), command);
    }

    private static Program run(String command) {
        String here = command.replace("http://127.0.0.1:8080", url).replace(" my-app", " " + data.resolve("my-app"));
        return Program.shell(HERE, Map.of("WEIR_URL", url, "WEIR_OPTS", BRIEFLY), here);
    }

    private static boolean staysRunning(String command) {
        return command.startsWith("scripts/weir tail") || command.startsWith("curl -N");
    }

    private static String expected(String command) {
        return EXPECTED.stream()
                .filter(each -> command.matches(each.command()))
                .map(Expected::output)
                .findFirst()
                .orElse("");
    }
}
