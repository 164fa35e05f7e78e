package dev.weir.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.bus.HttpAccess;
import dev.weir.config.ConfigException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources in a real node, and a tail through everything that happens to log files. */
class SourceTest {
    @TempDir
    private Path home;

    @Test
    void theMachineAndTheNodeReachABrowser() {
        String yaml = """
                addresses:
                  - {match: "{x}.metrics", subscribe: anyone}
                  - {match: ticks, subscribe: anyone}
                sources:
                  - host: {every: 50ms, to: host.metrics}
                  - node: {every: 50ms, to: node.metrics}
                  - timer: {every: 20ms, to: ticks}
                """;
        try (TestNode node = TestNode.start(home, yaml);
                var host = BridgeClient.connect(node.port());
                var self = BridgeClient.connect(node.port());
                var ticks = BridgeClient.connect(node.port())) {
            JsonObject machine = host.register("host.metrics").next().getJsonObject("body");
            assertThat(machine.getJsonObject("memory").getLong("total"))
                    .isGreaterThan(machine.getJsonObject("memory").getLong("used"));
            assertThat(machine.getDouble("cpu")).isBetween(0.0, 1.0);
            JsonObject report = self.register("node.metrics").next();
            assertThat(report.getJsonObject("headers").getString("ce-type")).isEqualTo("node");
            assertThat(report.getJsonObject("body").getLong("clients")).isGreaterThanOrEqualTo(2);
            ticks.register("ticks");
            long first = ticks.next().getJsonObject("body").getLong("n");
            assertThat(ticks.next().getJsonObject("body").getLong("n")).isEqualTo(first + 1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            - tmer: {to: t}                    | there is no source 'tmer'
            - timer: {evry: 1s, to: t}         | unknown option evry
            - timer: {every: 1 parsec, to: t}  | timer.every
            - tail: {to: t}                    | file is missing
            - timer: {to: elsewhere}           | no policy declares
            - timr: {to: t}                    | did you mean timer?
            - timer: {evry: 1s, to: t}         | did you mean every?
            - timer: {cron: "* * *", to: t}    | timer.cron: '* * *' has 3 fields
            - timer: {cron: "60 * * * *", to: t} | the minute '60' is not within 0 to 59
            - timer: {cron: "0 9-5 * * *", to: t} | the hour '9-5' is a range that runs backwards
            - timer: {cron: "0 0 30 feb *", to: t} | the day of month '30' never comes in month 'feb'
            - timer: {cron: "@dayly", to: t}   | did you mean @daily?
            - timer: {cron: "@daily", zone: Europe/Berln, to: t} | timer.zone: there is no time zone Europe/Berln; did you mean Europe/Berlin?
            - timer: {cron: "@daily", every: 1s, to: t} | timer.every: a timer has either every or cron
            - timer: {zone: UTC, to: t}        | timer.zone: only cron has a zone
            - access: {client: som, to: t}     | access.client: som is not known
            - file: {to: t}                    | file: file is missing
            - file: {file: a.csv, folow: true, to: t} | did you mean follow?
            - file: {file: a.csv, follow: 1, to: t} | file.follow: 1 is neither true nor false
            - file: {file: a.json, follow: true, to: t} | file.follow: neither gzip nor a JSON array can grow
            - file: {file: a.csv, follow: true, repeat: true, to: t} | file.repeat: a followed file has no end
            - file: {file: a.csv, speed: 60, to: t} | file.speed: it needs to know when records happened
            - file: {file: a.csv, time: t, speed: -1, to: t} | file.speed: -1 is no number above 0
            - file: {file: a.csv, columns: [a], to: t} | file.columns: the header names the columns
            - file: {file: a.csv, delimiter: ab, to: t} | file.delimiter: 'ab' is no single ASCII character
            - file: {file: a.txt, key: x, to: t} | file.key: a line has no fields
            - file: {file: a.ndjson, header: false, to: t} | file.header: only CSV has it
            - file: {file: a, format: xml, to: t} | file.format: xml is not known
            - http: {to: t}                    | http: url is missing
            - http: {url: "ftp://x/", to: t}   | http.url: it is no address of an HTTP server
            - http: {url: "http://a:b@x/", to: t} | http.url: it holds a user
            - http: {url: "http://x/", split: items, to: t} | http.split: it is no JSON pointer
            - http: {url: "http://x/", max-size: 1GiB, to: t} | http.max-size: 1GiB is not within 1B and 64MiB
            - http: {url: "http://x/", headers: [a], to: t} | http.headers: expected a map of texts
            - access: {ignore: [1], to: t}     | access.ignore: expected a list of texts
            """)
    void aBadSourceIsAProblemWithItsLine(String source, String message) {
        String yaml = "addresses:\n  - {match: t, subscribe: anyone}\nsources:\n  " + source.trim() + "\n";
        assertThatThrownBy(() -> TestNode.start(home, yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("weir.yaml:4")
                .hasMessageContaining(message.trim());
    }

    @Test
    void aFileIsKeptAsFastAsTheJournalTakesIt() throws Exception {
        StringBuilder rows = new StringBuilder("n,customer\n");
        for (int i = 1; i <= 2_000; i++) {
            rows.append(i).append(",c").append(i % 7).append('\n');
        }
        Files.writeString(home.resolve("orders.csv"), rows + "broken\n");
        String yaml = """
                addresses:
                  - {match: orders, history: anyone, keep: {events: 10000}}
                sources:
                  - file: {file: orders.csv, type: order, key: customer, to: orders}
                """;
        try (TestNode node = TestNode.start(home, yaml)) {
            await().until(() -> !page(node, "limit=1").getJsonArray("events").isEmpty());
            String epoch = page(node, "limit=1").getString("epoch");
            String tail = "since=" + epoch + ":1990&limit=100";
            await().until(() -> page(node, tail).getJsonArray("events").size() == 10);
            JsonObject last = page(node, tail).getJsonArray("events").getJsonObject(9);
            assertThat(last.getJsonObject("data")).isEqualTo(new JsonObject("{\"n\":2000,\"customer\":\"c5\"}"));
            assertThat(last.getString("type")).isEqualTo("order");
            assertThat(last.getString("subject")).isEqualTo("c5");
        }
    }

    @Test
    void aTailSurvivesWhatHappensToLogFiles() throws IOException {
        Path log = home.resolve("log");
        TailSource tail = new TailSource(log, Duration.ofSeconds(1));
        assertThat(tail.read()).isEmpty();
        Files.writeString(log, "first\nsec");
        assertThat(tail.read()).containsExactly("first");
        append(log, "ond\r\n\u00e4\u00f6\n");
        assertThat(tail.read()).containsExactly("second", "\u00e4\u00f6");
        Files.writeString(log, "cut\n");
        assertThat(tail.read()).containsExactly("cut");
        Files.move(log, home.resolve("log.1"));
        Files.writeString(log, "rotated, and longer than before\n");
        assertThat(tail.read()).containsExactly("rotated, and longer than before");
        Files.delete(log);
        assertThat(tail.read()).isEmpty();
        Files.writeString(log, "back\n");
        assertThat(tail.read()).containsExactly("back");
    }

    @Test
    void aTailBeginsAtTheEndOfAFileThatIsThere() throws IOException {
        Path log = Files.writeString(home.resolve("old"), "old\n");
        TailSource tail = new TailSource(log, Duration.ofSeconds(1));
        assertThat(tail.read()).isEmpty();
        append(log, "new\n");
        assertThat(tail.read()).containsExactly("new");
    }

    @Test
    void aFloodOfRequestsIsBoundedAndCounted() {
        VirtualContext context = new VirtualContext("2026-01-01T00:00:00Z");
        AccessSource source = new AccessSource(AccessSource.Shown.FULL, List.of("/health"));
        source.start(context);
        HttpAccess access = new HttpAccess("GET", "/", null, 200, 5, 1_500, "10.1.2.3", null, null);
        for (int i = 0; i < 5_000; i++) {
            context.accesses.tell(access);
        }
        context.accesses.tell(new HttpAccess("GET", "/health/live", null, 200, 5, 1_500, "10.1.2.3", null, null));
        assertThat(context.counters.accessDropped.sum()).isEqualTo(5_000 - 4_096);
        assertThat(context.queued).as("one hop for all of them").hasSize(1);
        while (!context.queued.isEmpty()) {
            context.queued.remove().run();
        }
        assertThat(context.emitted)
                .hasSize(4_096)
                .first()
                .isEqualTo(new JsonObject("{\"method\":\"GET\",\"path\":\"/\",\"status\":200,\"bytes\":5,"
                        + "\"millis\":1.5,\"client\":\"10.1.2.3\"}"));
        source.stop();
        assertThat(context.accesses.isOn()).isFalse();
    }

    @Test
    void aNetworkHasNoHost() {
        assertThat(AccessSource.network("10.1.2.3")).isEqualTo("10.1.2.0");
        assertThat(AccessSource.network("2001:db8:5:0:0:0:0:1")).isEqualTo("2001:db8:5::");
        assertThat(AccessSource.network("0:0:0:0:0:0:0:1")).isEqualTo("0:0:0::");
    }

    /** A page of what is kept; one without events as long as nothing is. */
    private static JsonObject page(TestNode node, String query) throws Exception {
        String url = node.url("/v1/addresses/orders/events?" + query);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        JsonObject body = new JsonObject(response.body());
        return response.statusCode() == 200 ? body : body.put("events", new JsonArray());
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }
}
