package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its own process: what it says and how it exits when it cannot start. */
class LaunchIT {
    @TempDir
    private Path home;

    private record Ended(int code, String output) {}

    private Ended run(String yaml) throws IOException, InterruptedException {
        Process process = start(yaml);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ended(process.waitFor(), output());
    }

    /** What a node says from its start until it is ready and was asked to stop. */
    private String life(String yaml) throws IOException, InterruptedException {
        Process process = start(yaml);
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> output().contains("    transport  ") || !process.isAlive());
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return output();
    }

    private String output() throws IOException {
        return Files.readString(home.resolve("out.log"), StandardCharsets.UTF_8);
    }

    private Process start(String yaml) throws IOException {
        Path conf =
                Files.writeString(Files.createDirectories(home.resolve("conf")).resolve("weir.yaml"), yaml);
        return launch("run", "--conf", conf.toString());
    }

    private Process launch(String... words) throws IOException {
        List<String> command = FastStart.command();
        command.addAll(List.of(words));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out.log").toFile())
                .start();
    }

    private Ended ended(String... words) throws IOException, InterruptedException {
        Process process = launch(words);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ended(process.waitFor(), output());
    }

    @Test
    void aWordThatIsNoCommandExitsWithTwo() throws Exception {
        Ended ended = ended("chekc");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains("unknown command chekc; did you mean check?");
    }

    @Test
    void theFileMayStandBehindAnEqualsSign() throws Exception {
        Path conf = Files.writeString(home.resolve("own.yaml"), "http: {prot: 1}\n");
        Ended ended = ended("run", "--conf=" + conf);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains("own.yaml:1");
        assertThat(ended("run", "--conf").output()).contains("--conf needs a file");
    }

    @Test
    void aNormalStartAndStopSaysNothingButTheBanner() throws Exception {
        String said = life("http: {port: 0}\naddresses:\n  - {match: news, publish: anyone, subscribe: anyone}\n");
        assertThat(said.strip()).startsWith("Weir is ready").contains("publish");
        assertThat(said.strip().lines()).hasSize(8);
    }

    @Test
    void aLogForMachinesIsOneObjectALineWithTheNode() throws Exception {
        String said = life("http: {port: 0}\nlog: {format: json}\naddresses:\n  - {match: news, publish: signed-in}\n");
        JsonObject line = new JsonObject(
                said.lines().filter(each -> each.startsWith("{")).findFirst().orElseThrow());
        assertThat(line.getString("message")).startsWith("no key");
        assertThat(line.getString("level")).isEqualTo("WARN");
        assertThat(said).contains("node       " + line.getString("node") + ", alone");
        assertThat(Instant.parse(line.getString("time"))).isNotNull();
    }

    @Test
    void theLevelHolds() throws Exception {
        assertThat(life("http: {port: 0}\nlog: {level: error}\naddresses:\n  - {match: news, publish: signed-in}\n"))
                .doesNotContain("no key");
    }

    @Test
    void theFormatFollowsAReload() throws Exception {
        Process process = start("http: {port: 0}\n");
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> output().contains("    transport  "));
            Files.writeString(home.resolve("conf/weir.yaml"), "http: {port: 0}\nlog: {format: json}\n");
            hangUp(process);
            await().atMost(Duration.ofSeconds(60)).until(() -> output().contains("\"message\":\"reloaded: "));
            assertThat(output()).contains("log.format").contains("\\\"restart\\\":[]");
        } finally {
            process.destroyForcibly();
        }
    }

    /** It waits for its configuration until the test writes it, and again at the reload. */
    @Test
    void aReloadThatIsAskedForBeforeItIsReadyIsDoneOnceItIs() throws Exception {
        Path conf = home.resolve("slow.yaml");
        assertThat(new ProcessBuilder("mkfifo", conf.toString()).start().waitFor())
                .isZero();
        Process process = launch("run", "--conf", conf.toString());
        try {
            try (OutputStream first = Files.newOutputStream(conf)) {
                hangUp(process);
                first.write("http: {port: 0}\n".getBytes(StandardCharsets.UTF_8));
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> output().contains("    transport  ") || !process.isAlive());
            assertThat(process.isAlive()).isTrue();
            try (OutputStream second = Files.newOutputStream(conf)) {
                second.write("http: {port: 0}\nlog: {format: json}\n".getBytes(StandardCharsets.UTF_8));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> output().contains("\"message\":\"reloaded: "));
        } finally {
            process.destroyForcibly();
        }
    }

    private static void hangUp(Process process) throws Exception {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    @Test
    void aLogbackFileOfOnesOwnIsUsed() throws Exception {
        Path own = Files.createDirectories(home.resolve("conf")).resolve("logback.xml");
        Path page = Path.of("docs", "logging.md");
        String sample = Files.readString(page).split("```xml\n", -1)[1].split("```", -1)[0];
        Files.writeString(
                own, sample.replace("log/weir", home.resolve("log/weir").toString()));
        String said = life("http: {port: 0}\naddresses:\n  - {match: news, publish: signed-in}\n");
        assertThat(said).doesNotContain("no key");
        try (var written = Files.list(home.resolve("log"))) {
            assertThat(Files.readString(written.findFirst().orElseThrow())).contains("\"message\":\"no key");
        }
    }

    @Test
    void aLogbackFileThatCannotBeUsedExitsWithTwo() throws Exception {
        Files.writeString(Files.createDirectories(home.resolve("conf")).resolve("logback.xml"), "<configuration><root");
        Ended ended = run("http: {port: 0}\n");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains("logback.xml: logback cannot use it");
    }

    @Test
    void aBadConfigurationExitsWithTwoAndEveryProblem() throws Exception {
        Ended ended = run("http: {prot: 1}\naddresses:\n  - {match: a, publish: al}\n");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output())
                .contains("weir.yaml:1")
                .contains("did you mean port?")
                .contains("weir.yaml:3");
    }

    @Test
    void anEmptyConfigurationExitsWithTwo() throws Exception {
        Ended ended = run("");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains("weir.yaml:1: the file is empty");
    }

    @Test
    void aTakenPortExitsWithTwoAndSaysWhich() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended ended = run("http: {port: " + taken.getLocalPort() + "}\n");
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.output()).contains("port " + taken.getLocalPort() + " on 127.0.0.1 is taken");
        }
    }
}
