package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.Certificates;
import dev.weir.RawConnection;
import dev.weir.bus.Policies;
import dev.weir.config.ConfigException;
import dev.weir.edge.Listening;
import dev.weir.observe.Health;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reload answers, and certificates. */
class ReloadTest {
    private static final String NEWS = "addresses:\n  - {match: news, publish: anyone, subscribe: anyone}\n";

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    @Test
    void theAnswerNamesWhatChangedAndWhatNeedsARestart(@TempDir Path home) throws Exception {
        Path file = home.resolve("weir.yaml");
        Files.writeString(file, NEWS);
        NodeSettings settings = NodeSettings.read(file, Map.of());
        Node node = Node.create(vertx, "n", settings.policies());
        Health health = new Health();
        Reload reload = new Reload(
                node,
                new NodeAuth(node, (question, parameters) -> io.vertx.core.Future.succeededFuture(List.of()), health),
                new Listening(() -> {}),
                settings,
                fresh -> io.vertx.core.Future.succeededFuture(),
                inForce -> {
                    OpenDoors.check(inForce, health);
                    return io.vertx.core.Future.succeededFuture();
                });
        Policies before = settings.policies();
        Files.writeString(file, "http: {prot: 1}\nlog: {nope: 1}\n" + NEWS);
        assertThatThrownBy(() -> reload.run().await(60, TimeUnit.SECONDS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("weir.yaml:1")
                .hasMessageContaining("weir.yaml:2");
        assertThat(node.policies()).hasValue(before);
        Files.writeString(
                file,
                "http: {host: 0.0.0.0}\n" + dev.weir.ConsoleUsers.yaml()
                        + NEWS.replace("subscribe: anyone", "subscribe: signed-in"));
        JsonObject answer = reload.run().await(60, TimeUnit.SECONDS);
        assertThat(answer.getJsonArray("restart")).isEqualTo(new JsonArray().add("http.host"));
        assertThat(answer.getJsonArray("changed")).hasSizeGreaterThan(1);
        assertThat(answer.getString("digest")).isNotEqualTo(before.digest());
        assertThat(health.report().getJsonArray("warnings").encode())
                .contains(
                        "anyone who reaches 0.0.0.0 may publish on news",
                        "no key",
                        "send their passwords to 0.0.0.0 unencrypted");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                       | the file is empty
            '# all of it is commented out'           | the file holds no keys
            'log: {level: info}'                     | the policies in force are gone
            'addresses:'                             | ends behind 'addresses:'
            'addresses: [{match: news, publish: any' | not valid YAML
            'addresses: [{match: news}, {match: new' | not valid YAML
            """)
    void aFileThatLostItsEndChangesNothingAndSaysSo(String yaml, String message, @TempDir Path home) throws Exception {
        Path file = Files.writeString(home.resolve("weir.yaml"), "http: {port: 0, loops: 1}\n" + NEWS);
        NodeVerticle node = NodeVerticle.alone(NodeSettings.read(file, Map.of()));
        vertx.deployVerticle(node).await(60, TimeUnit.SECONDS);
        Files.writeString(file, yaml);
        assertThatThrownBy(() -> node.reload().await(60, TimeUnit.SECONDS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("weir.yaml:1: ")
                .hasMessageContaining(message);
        assertThat(publishes(node)).isTrue();
        Files.writeString(file, "http: {port: 0, loops: 1}\naddresses: []\n");
        node.reload().await(60, TimeUnit.SECONDS);
        assertThat(publishes(node)).isFalse();
    }

    private static boolean publishes(NodeVerticle node) {
        try (RawConnection client = RawConnection.open(node.port())) {
            client.head("POST", "/v1/addresses/news/events", "Content-Type", "application/json", "Content-Length", "1");
            return client.send("\r\n1").status() == 202;
        }
    }

    @Test
    void certificatesAreReadAgainAndAPairThatDoesNotFitIsRefused(@TempDir Path home) throws Exception {
        X509Certificate first = Certificates.write(home, "first");
        X509Certificate second = Certificates.write(home, "second");
        copy(home, "first", "first");
        Path file = home.resolve("weir.yaml");
        Files.writeString(file, "http: {port: 0, loops: 1, tls: {certificate: now.crt, key: now.key}}\n" + NEWS);
        NodeVerticle node = NodeVerticle.alone(NodeSettings.read(file, Map.of()));
        vertx.deployVerticle(node).await(60, TimeUnit.SECONDS);
        assertThat(served(node.port())).isEqualTo(first);
        copy(home, "second", "first");
        assertThatThrownBy(() -> node.reload().await(60, TimeUnit.SECONDS))
                .hasMessageContaining("the key does not belong to the certificate");
        assertThat(served(node.port())).isEqualTo(first);
        copy(home, "second", "second");
        node.reload().await(60, TimeUnit.SECONDS);
        assertThat(served(node.port())).isEqualTo(second);
    }

    @Test
    void connectionsGoOnWhileEveryLoopGetsAnotherCertificate(@TempDir Path home) throws Exception {
        X509Certificate first = Certificates.write(home, "first");
        X509Certificate second = Certificates.write(home, "second");
        copy(home, "first", "first");
        Path file = home.resolve("weir.yaml");
        Files.writeString(file, "http: {port: 0, loops: 2, tls: {certificate: now.crt, key: now.key}}\n" + NEWS);
        NodeVerticle node = NodeVerticle.alone(NodeSettings.read(file, Map.of()));
        vertx.deployVerticle(node).await(60, TimeUnit.SECONDS);
        try (SSLSocket one = connect(node.port());
                SSLSocket two = connect(node.port())) {
            assertThat(alive(one) && alive(two)).isTrue();
            copy(home, "second", "second");
            node.reload().await(60, TimeUnit.SECONDS);
            assertThat(alive(one) && alive(two)).isTrue();
            assertThat(certificate(one)).isEqualTo(first);
            for (int i = 0; i < 6; i++) {
                assertThat(served(node.port())).as("connection " + i).isEqualTo(second);
            }
            assertThat(alive(one) && alive(two)).isTrue();
        }
    }

    private static boolean alive(SSLSocket socket) throws Exception {
        String request = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        Matcher length = LENGTH.matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
        return head.indexOf("HTTP/1.1 200") == 0;
    }

    private static void copy(Path home, String certificate, String key) throws Exception {
        Files.writeString(home.resolve("now.crt"), Files.readString(home.resolve(certificate + ".crt")));
        Files.writeString(home.resolve("now.key"), Files.readString(home.resolve(key + ".key")));
    }

    private static X509Certificate served(int port) throws Exception {
        try (SSLSocket socket = connect(port)) {
            return certificate(socket);
        }
    }

    private static X509Certificate certificate(SSLSocket socket) throws Exception {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private static SSLSocket connect(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }

    /** The test looks at the certificate itself. */
    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            assertThat(chain).isNotEmpty();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
