package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.weir.NodeProcess;
import dev.weir.NodeProcesses;
import dev.weir.PostgresServer;
import dev.weir.web.Chromium;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each view of the console on three nodes in processes of their own, under load, against what really happened; one is killed. */
class ConsoleIT {
    private static final String FLOW = """
            flow: bills
            from: orders
            key: event.data.order
            stages:
              - filter: has(event.data.order)
              - map: {bill: event.data.order, total: event.data.total}
            to: bills
            on-error: {retry: {backoff: [200ms], attempts: 2}, then: dead-letter}
            """;
    private static final String CONFIGURATION = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {age: 1d}}
              - {match: bills, subscribe: anyone, history: anyone, keep: {age: 1d}}
              - {match: load, subscribe: anyone}
            sources:
              - timer: {every: 20ms, to: load}
            """;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    Path home;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void everyViewShowsWhatHappens() throws Exception {
        try (PostgresServer server = new PostgresServer(home);
                NodeProcesses nodes = new NodeProcesses(home, yaml(server)).startAll(3)) {
            ConsolePage console =
                    ConsolePage.open(CHROMIUM, nodes.get(0).url("/console/#/overview"), "ann", "operator");
            String bad = order(nodes.get(1), new JsonObject().put("order", "o-1"));
            String good =
                    order(nodes.get(2), new JsonObject().put("order", "o-2").put("total", 10));
            look(console, "addresses", "load");
            look(console, "flows", "bills");
            look(console, "dead-letters", "total");
            look(console, "trace/" + bad, "total");
            look(console, "trace/" + good, "bills");
            look(console, "verticles", "");
            look(console, "audit", "");
            look(console, "tap?address=load", "tick");
            look(console, "overview", "");
            assertThat(console.page().locator("weir-overview-view")).containsText("3");
            console.noComplaints();
            nodes.get(2).kill();
            assertThat(console.page().locator("weir-overview-view")).containsText("gone");
        }
    }

    private String yaml(PostgresServer server) throws Exception {
        Path flows = Files.createDirectories(home.resolve("flows"));
        Files.writeString(flows.resolve("bills.yaml"), FLOW);
        return ConsolePage.WEBROOT + ConsolePage.AUTH + "journal: {engine: postgresql, uri: '" + server.database("shop")
                + "'}\nflows: {path: '" + flows + "'}\n" + CONFIGURATION;
    }

    /** Publishes through one of the nodes; the id of the event. */
    private String order(NodeProcess node, JsonObject data) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events?type=placed")))
                        .header("content-type", "application/json")
                        .header("weir-trace", "1")
                        .POST(HttpRequest.BodyPublishers.ofString(data.encode()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new JsonObject(answer.body()).getString("id");
    }

    /** Goes to a view by its place in the address bar, waits for what it should show, and looks at it in all ways. */
    private static void look(ConsolePage console, String route, String text) {
        Page page = console.page();
        page.evaluate("route => { location.hash = '#/' + route; }", route);
        String view = route.replaceFirst("[/?].*", "");
        assertThat(page.locator("weir-" + view + "-view")).containsText(text);
        console.screens("cluster-" + view);
    }
}
