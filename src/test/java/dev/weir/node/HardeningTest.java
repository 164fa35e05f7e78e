package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile clients try. */
class HardeningTest {
    private static final String YAML = """
            http: {max-headers: 2KiB, max-body: 4KiB}
            addresses:
              - {match: open, publish: anyone, subscribe: anyone}
            """;
    /** What a node with little patience says, so that nobody else is late there on a busy machine. */
    private static final String HASTY = YAML.replace("http: {", "http: {handshake-timeout: 1s, ");

    private static TestNode node;
    private static TestNode hasty;

    @BeforeAll
    static void start(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve("webroot/sub"));
        Files.writeString(home.resolve("webroot/index.html"), "<p>hello</p>");
        Files.writeString(home.resolve("webroot/.hidden"), "SECRET");
        Files.writeString(home.resolve("webroot/sub/.hidden"), "SECRET");
        Files.writeString(home.resolve("secret.txt"), "SECRET");
        node = TestNode.start(home, YAML);
        hasty = TestNode.start(home.resolve("hasty"), HASTY);
    }

    @AfterAll
    static void stop() {
        node.close();
        hasty.close();
    }

    /** Sends bytes as they are, since HTTP clients tidy paths up, and reads until the server closes. */
    private static String exchange(String request) throws IOException {
        return exchange(node, request);
    }

    private static String exchange(TestNode with, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), with.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String get(String path) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret.txt",
                "/%2e%2e/secret.txt",
                "/%2e%2e%2fsecret.txt",
                "/..%2fsecret.txt",
                "/..%5csecret.txt",
                "/sub/..%5c..%5csecret.txt",
                "/sub/../../secret.txt",
                "/%252e%252e/secret.txt",
                "//secret.txt",
                "/.hidden",
                "/%2ehidden",
                "/webjars/../secret.txt",
                "/webjars/lit/../../../secret.txt",
                "/webjars/lit/%2e%2e/%2e%2e/%2e%2e/logback.xml",
                "/webjars/lit/..%2f..%2f..%2f..%2flogback.xml",
                "/%00/secret.txt",
                "/secret.txt",
                "/./../secret.txt",
                "/sub/%2e%2e/%2e%2e/secret.txt",
                "/..;/secret.txt",
                "/...//secret.txt",
                "/%c0%ae%c0%ae/secret.txt",
                "/%uff0e%uff0e/secret.txt",
                "/..%c0%afsecret.txt",
                "/%2e%2e%00/secret.txt",
                "/index.html/../../secret.txt",
                "/index.html%00.txt",
                "/conf/weir.yaml",
                "/../conf/weir.yaml",
                "/%2e%2e/conf/weir.yaml",
                "/webroot/../secret.txt",
                "/sub/.hidden",
                "/sub/",
                "/WEB-INF/web.xml",
                "/webjars/",
                "/webjars/lit/",
                "/webjars/%2e%2e/%2e%2e/logback.xml",
                "/openapi.yaml",
                "/META-INF/MANIFEST.MF",
                "/%",
                "/%zz"
            })
    void noPathLeadsOut(String path) throws IOException {
        String answer = get(path);
        assertThat(answer)
                .doesNotContain("SECRET")
                .doesNotContain("<configuration")
                .doesNotContain("addresses:");
        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*");
    }

    @Test
    void whatCanBeGotHasAHead() throws IOException {
        for (String path : new String[] {"/index.html", "/webjars/sockjs-client/dist/sockjs.min.js"}) {
            String answer = exchange("HEAD " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
        }
    }

    @Test
    void pagesHaveAStrictPolicy() throws IOException {
        String answer = get("/index.html");
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe-inline")
                .doesNotContain("unsafe-eval")
                .containsIgnoringCase("X-Content-Type-Options: nosniff");
    }

    @Test
    void headersHaveABound() throws IOException {
        String answer = exchange("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(4_000) + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 431");
    }

    @Test
    void aWebSocketMessageHasABound() {
        try (BridgeClient client = BridgeClient.connect(node.port())) {
            client.sendText("x".repeat(5_000));
            assertThat(client.closeCode()).isIn(1006, 1009);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTT", "GET /eventbus/websocket HTTP/1.1\r\nHost: x\r\nUpgrade: webso"})
    void sendersThatNeverFinishAreClosed(String begun) throws Exception {
        assertThat(CompletableFuture.supplyAsync(() -> {
                            try {
                                return exchange(hasty, begun);
                            } catch (IOException reset) {
                                return "";
                            }
                        })
                        .get(60, TimeUnit.SECONDS))
                .isEmpty();
    }

    @Test
    void whoSentARequestInTimeStaysConnected() throws Exception {
        try (BridgeClient patient = BridgeClient.connect(hasty.port());
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), hasty.port())) {
            patient.register("open");
            // Closed after the handshake timeout; by then the older connection would be closed, too.
            slow.setSoTimeout(30_000);
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
            assertThat(patient.isQuiet()).isTrue();
        }
    }
}
