package dev.weir.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/metrics.md} names what {@code /metrics} has and nothing else, and the counters count what they say. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("docs/metrics.md");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)\\})? (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\| (counter|gauge|summary) \\| ([\\w, ]*) \\| ([^|]*) \\| .{10,} \\|$");
    private static final Pattern METER = Pattern.compile("\"(weir_\\w+)\"");
    private static final String YAML = """
            http: {reply-timeout: 1s}
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: "chat.{room}", publish: anyone, subscribe: anyone}
              - {match: kept, publish: anyone, subscribe: anyone, keep: {events: 10}}
            subscriptions: [{name: work, from: [kept]}]
            """;

    @TempDir
    private Path home;

    private static String get(TestNode node, String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(node.url(path))).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each metric as a page would say it: name, type, labels. */
    private static Map<String, String> exported(String text) {
        Map<String, Set<String>> labels = new TreeMap<>();
        SAMPLE.matcher(text).results().forEach(sample -> {
            Set<String> own = labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> own.add(label.group(1)));
            }
        });
        Map<String, String> metrics = new TreeMap<>();
        TYPE.matcher(text)
                .results()
                .forEach(type -> metrics.put(
                        type.group(1), type.group(2) + ", " + String.join(" ", labelsOf(type.group(1), labels))));
        return metrics;
    }

    /** A summary has no sample of its own name. */
    private static Set<String> labelsOf(String name, Map<String, Set<String>> labels) {
        Set<String> own = labels.get(name);
        return own == null ? labels.getOrDefault(name + "_count", Set.of()) : own;
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> metrics = new TreeMap<>();
        for (MatchResult row : ROW.matcher(Files.readString(PAGE)).results().toList()) {
            assertThat(row.group(4)).as("unit of %s", row.group(1)).isNotBlank();
            metrics.put(
                    row.group(1),
                    row.group(2) + ", " + row.group(3).replace(",", "").trim());
        }
        return metrics;
    }

    @Test
    void everyMetricIsOnThePageAndNoOther() throws IOException {
        Path flows = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(home.resolve("some.js"), "setInterval(() => {}, 1000);");
        Files.writeString(flows.resolve("f.yaml"), """
                flow: f
                from: news
                stages: [filter: "true"]
                to: [kept, {webhook: {url: "http://127.0.0.1:1/", breaker: {of: 20}}}]
                """);
        try (TestNode node =
                TestNode.start(home, YAML + "verticles: [{deploy: 'js:some.js'}, {deploy: dev.weir.demo.Board}]\n")) {
            Map<String, String> live = exported(get(node, "/metrics"));
            Map<String, String> page = documented();
            // A node alone has none of these; the test below finds them in the sources.
            page.keySet().removeIf(name -> name.startsWith("weir_cluster_"));
            assertThat(page).isEqualTo(live);
        }
    }

    @Test
    void everyMeterOfTheSourcesIsOnThePage() throws IOException {
        Set<String> page = documented().keySet();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                for (MatchResult meter :
                        METER.matcher(Files.readString(source)).results().toList()) {
                    assertThat(page)
                            .as("%s", source)
                            .containsAnyOf(meter.group(1), meter.group(1) + "_total", meter.group(1) + "_seconds");
                }
            }
        }
    }

    @Test
    void everyReasonOfHealthIsOnThePage() throws IOException {
        Pattern names = Pattern.compile("health\\.check\\(\\s*\"([\\w-]+)\"|WARNING = \"([\\w-]+)\"");
        String page = Files.readString(PAGE);
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                names.matcher(Files.readString(source)).results().forEach(name -> assertThat(page)
                        .as("%s", source)
                        .contains("| `" + (name.group(1) == null ? name.group(2) : name.group(1)) + "` |"));
            }
        }
    }

    private static double value(TestNode node, String name) {
        return SAMPLE.matcher(get(node, "/metrics"))
                .results()
                .filter(sample -> sample.group(1).equals(name))
                .mapToDouble(sample -> Double.parseDouble(sample.group(3)))
                .sum();
    }

    private static void publish(BridgeClient client, String address) {
        client.send(BridgeClient.frame("publish", address).put("body", 1).put("replyAddress", "r"));
        assertThat(client.next().getString("address")).isEqualTo("r");
    }

    @Test
    void whatNobodyHearsIsCounted() {
        try (TestNode node = TestNode.start(home, YAML);
                BridgeClient writer = BridgeClient.connect(node.port())) {
            publish(writer, "news");
            publish(writer, "chat.lobby");
            assertThat(value(node, "weir_events_unheard_total")).isEqualTo(2);
            try (BridgeClient listener = BridgeClient.connect(node.port())) {
                listener.register("news").register("chat.*");
                publish(writer, "news");
                publish(writer, "chat.lobby");
                publish(writer, "kept");
                assertThat(value(node, "weir_events_unheard_total")).isEqualTo(2);
                assertThat(value(node, "weir_events_accepted_total")).isGreaterThanOrEqualTo(5);
            }
        }
    }

    @Test
    void connectionsAreCountedInAndOut() throws IOException {
        try (TestNode node = TestNode.start(home, YAML)) {
            double before = value(node, "weir_http_requests_total");
            try (BridgeClient session = BridgeClient.connect(node.port());
                    var open = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), node.port())) {
                assertThat(open.isConnected()).isTrue();
                session.register("news");
                await().untilAsserted(
                                () -> assertThat(value(node, "weir_sessions")).isEqualTo(1));
                assertThat(value(node, "weir_http_connections")).isGreaterThanOrEqualTo(1);
                assertThat(value(node, "weir_http_requests_total")).isGreaterThan(before);
                assertThat(value(node, "weir_bus_consumers")).isGreaterThanOrEqualTo(1);
            }
            await().untilAsserted(() -> assertThat(value(node, "weir_sessions")).isZero());
        }
    }
}
