package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a server cannot listen is a problem of the configuration, with its line and its mend. */
class NotListeningTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path home;

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    private Problem problem(String yaml, Map<String, String> env) throws Exception {
        Path file = Files.writeString(home.resolve("weir.yaml"), yaml);
        NodeVerticle node = NodeVerticle.alone(NodeSettings.read(file, env));
        Problem[] found = new Problem[1];
        assertThatThrownBy(() -> vertx.deployVerticle(node).await(60, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(ConfigException.class, failure -> {
                    assertThat(failure.problems()).hasSize(1);
                    found[0] = failure.problems().get(0);
                });
        return found[0];
    }

    @Test
    void aTakenPortIsSaidWithTheLineThatAskedForIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Problem problem = problem("http:\n  port: " + taken.getLocalPort() + "\n", Map.of());
            assertThat(problem.message())
                    .isEqualTo("port " + taken.getLocalPort() + " on 127.0.0.1 is taken by another process");
            assertThat(problem.mend()).contains("WEIR_HTTP_PORT");
            assertThat(problem.at().file()).endsWith("weir.yaml");
            assertThat(problem.at().line()).isEqualTo(2);
        }
    }

    @Test
    void aTakenPortIsSaidWithTheVariableThatAskedForIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Problem variable = problem("{}", Map.of("WEIR_HTTP_PORT", String.valueOf(taken.getLocalPort())));
            assertThat(variable.at().toString()).isEqualTo("WEIR_HTTP_PORT");
        }
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, is no address of this machine", "no-such-host.invalid, no address is known for"})
    void aHostThatIsNotThisMachineIsSaid(String host, String message) throws Exception {
        Problem problem = problem("http: {port: 0, host: " + host + "}\n", Map.of());
        assertThat(problem.message()).contains(message);
        assertThat(problem.mend()).contains("127.0.0.1");
        assertThat(problem.at().line()).isEqualTo(1);
    }
}
