package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Path conf = Files.writeString(home.resolve("weir.yaml"), yaml);
        Path log = home.resolve("out.log");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.weir.Weir",
                        "run",
                        "--conf",
                        conf.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ended(process.waitFor(), Files.readString(log, StandardCharsets.UTF_8));
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
    void aTakenPortExitsWithTwoAndSaysWhich() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended ended = run("http: {port: " + taken.getLocalPort() + "}\n");
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.output()).contains("port " + taken.getLocalPort() + " on 127.0.0.1 is taken");
        }
    }
}
