package dev.weir.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.TestNode;
import dev.weir.config.ConfigException;
import dev.weir.node.NodeSettings;
import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who the client is behind proxies, and that nobody can say so of himself. */
class TrustedProxiesTest {
    @TempDir
    private Path home;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # trusted               | peer         | X-Forwarded-For                     | client
            ''                      | 192.0.2.1    | 203.0.113.9                         | 192.0.2.1
            10.0.0.1                | 192.0.2.1    | 203.0.113.9                         | 192.0.2.1
            10.0.0.1                | 10.0.0.1     | 203.0.113.9                         | 203.0.113.9
            10.0.0.1                | 10.0.0.1     | 198.51.100.7, 203.0.113.9           | 203.0.113.9
            10.0.0.0/8              | 10.9.8.7     | 198.51.100.7, 203.0.113.9, 10.1.1.1 | 203.0.113.9
            10.0.0.0/8              | 10.9.8.7     | 10.3.3.3, 10.1.1.1                  | 10.3.3.3
            10.0.0.0/9              | 10.128.0.1   | 203.0.113.9                         | 10.128.0.1
            10.0.0.1                | 10.0.0.1     | ''                                  | 10.0.0.1
            10.0.0.1                | 10.0.0.1     | 203.0.113.9, unknown                | 10.0.0.1
            10.0.0.1                | 10.0.0.1     | <script>                            | 10.0.0.1
            10.0.0.1                | 10.0.0.1     | 203.0.113.9:50123                   | 203.0.113.9
            10.0.0.1                | 10.0.0.1     | [2001:db8::9]:50123                 | 2001:db8:0:0:0:0:0:9
            fd00::/8                | fd00::1      | 2001:db8::9                         | 2001:db8:0:0:0:0:0:9
            10.0.0.0/8              | 10.0.0.1     | ::ffff:10.1.1.1                     | 10.1.1.1
            0.0.0.0/0               | 192.0.2.1    | 203.0.113.9                         | 203.0.113.9
            """)
    void theRightMostAddressThatIsNoProxy(String trusted, String peer, String header, String client) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (!header.isEmpty()) {
            headers.add("X-Forwarded-For", header);
        }
        TrustedProxies proxies = TrustedProxies.of(trusted.isEmpty() ? List.of() : List.of(trusted));
        assertThat(proxies.client(SocketAddress.inetSocketAddress(1, peer), headers))
                .isEqualTo(client);
    }

    @Test
    void severalHeadersAreOneList() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("x-forwarded-for", "198.51.100.7")
                .add("X-Forwarded-For", "203.0.113.9");
        assertThat(TrustedProxies.of(List.of("10.0.0.1"))
                        .client(SocketAddress.inetSocketAddress(1, "10.0.0.1"), headers))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void whatIsNoNetworkIsAProblemWithItsLine() throws IOException {
        Path file = Files.writeString(
                home.resolve("weir.yaml"), "http:\n  trusted-proxies: [10.0.0.0/33, proxy, 10.0.0.1]\n");
        assertThatThrownBy(() -> NodeSettings.read(file, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("weir.yaml:2")
                .hasMessageContaining("10.0.0.0/33")
                .hasMessageContaining("'proxy'")
                .hasMessageNotContaining("'10.0.0.1'");
    }

    private static int publish(TestNode node, String forwardedFor) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/news/events")))
                .header("content-type", "application/json")
                .header("x-forwarded-for", forwardedFor)
                .POST(HttpRequest.BodyPublishers.ofString("1"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void ratesCountTheClientBehindAProxyAndNoInvention() throws Exception {
        String yaml = "addresses: [{match: news, publish: anyone, rate: {client: 1/h, burst: 1}}]\n";
        try (TestNode open = TestNode.start(home, yaml)) {
            assertThat(publish(open, "203.0.113.1")).isEqualTo(202);
            assertThat(publish(open, "203.0.113.2")).isEqualTo(429);
        }
        try (TestNode behind = TestNode.start(home, yaml + "http: {trusted-proxies: [127.0.0.1]}\n")) {
            assertThat(publish(behind, "203.0.113.1")).isEqualTo(202);
            assertThat(publish(behind, "203.0.113.2")).isEqualTo(202);
            assertThat(publish(behind, "203.0.113.1")).isEqualTo(429);
            assertThat(publish(behind, "198.51.100.9, 203.0.113.2")).isEqualTo(429);
        }
    }
}
