package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.web.Chromium;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The overview shows what a node does, says what is wrong, and goes on after the node was started again. */
class OverviewViewIT {
    private static final String YAML = ConsolePage.AUTH + ConsolePage.WEBROOT
            + "addresses:\n  - {match: news, publish: anyone, subscribe: anyone, keep: {events: 10}}\n";

    /** Two hours that grow by steps of which some were not heard. */
    private static final String HOURS = """
            async () => {
              const {Hour, together} = await import('/console/views/overview-hour.js');
              const hour = new Hour({step: 3, history: {in: [1, 2, 3]}});
              hour.add({step: 4, ended: {in: 4}});
              hour.add({step: 7, ended: {in: 7, lag: 1}});
              hour.add({step: 7, ended: {in: 9}});
              const line = figure => Array.from({length: hour.size}, (_, i) => hour.at(figure, hour.size - 1 - i) ?? '').join(' ');
              const other = new Hour({step: 1, history: {in: [2, 4, null, null, 7]}});
              return [line('in'), line('lag'), together([hour, other], 'in').slice(-5).join()].join('|');
            }""";

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    Path folder;

    private static Locator figure(Page page, String name) {
        return page.locator("[data-figure=" + name + "]");
    }

    private static void publish(TestNode node) {
        Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        for (int i = 0; i < 200; i++) {
            publisher.publish(
                    Origin.node("test"), "news", MultiMap.caseInsensitiveMultiMap(), new JsonObject().put("n", i), 10);
        }
    }

    /** Publishes until a figure of two seconds shows it. */
    private static void publishUntilShown(TestNode node, Page page) {
        Awaitility.await().untilAsserted(() -> {
            publish(node);
            Assertions.assertThat(figure(page, "kept").textContent()).matches("[1-9][\\d,.k]*/s");
            Assertions.assertThat(figure(page, "out").textContent()).matches("[1-9][\\d,.k]*/s");
            Assertions.assertThat(figure(page, "p99").textContent()).matches("[<\\d].* ms");
        });
    }

    @Test
    void theFiguresAreThoseOfTheNodeAndOutliveIt() {
        Map<String, String> port = TestNode.portToComeBackTo();
        TestNode node = TestNode.start(folder, YAML, port);
        try (BridgeClient reader = BridgeClient.connect(node.port())) {
            reader.register("news");
            ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/overview");
            Page page = console.page();
            assertThat(figure(page, "sessions")).hasText("2");
            assertThat(page.locator("weir-overview-view .fine")).hasText("The node is up, and nothing is wrong.");
            publishUntilShown(node, page);
            Locator row = page.locator(".nodes tbody tr");
            assertThat(row).hasCount(1);
            assertThat(row.getByRole(AriaRole.ROWHEADER)).hasText("127.0.0.1:" + node.port());
            assertThat(row).containsText(Pattern.compile("up\\s*\\S+"));
            console.screens("overview");
            console.noComplaints();
            node.close();
            assertThat(page.locator("weir-console .live")).hasText("Reconnecting");
            // Without a journal there is less to show than before.
            node = TestNode.start(folder, ConsolePage.AUTH + ConsolePage.WEBROOT, port);
            assertThat(page.locator("weir-console .live")).hasAttribute("data-state", "open");
            assertThat(figure(page, "sessions")).hasText("1");
            assertThat(figure(page, "kept")).hasCount(0);
        } finally {
            node.close();
        }
    }

    @Test
    void whatIsWrongIsSaidInWordsAndWhatNodesSayStaysText() {
        try (TestNode node = TestNode.start(folder, YAML)) {
            ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/nothing");
            Page page = console.page();
            page.route(
                    "**/v1/reports/overview",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("application/json")
                            .setBody(report().encode())));
            page.getByRole(
                            AriaRole.LINK,
                            new Page.GetByRoleOptions().setName("Overview").setExact(true))
                    .click();
            Locator troubles = page.locator("weir-overview-view .troubles li");
            assertThat(troubles.first()).containsText("a:80 gets no traffic: its policies differ <b>from</b> b");
            String all = String.join("\n", troubles.allTextContents());
            Assertions.assertThat(all)
                    .contains("b:80 is in the cluster and does not answer")
                    .contains("The flow orders has stopped by itself")
                    .contains("The circuit breaker of prices, stage ask, is open")
                    .contains(
                            "The circuit breaker stock <i>x</i> of com.example.Shop tries whether what it calls is back")
                    .contains("An event loop of a:80 was 900 ms late")
                    .contains("c:80 left the cluster 5 m 0 s ago")
                    .contains("3 events could not be processed")
                    .contains("The heap of a:80 is nearly full");
            assertThat(troubles.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("orders")))
                    .hasAttribute("href", "#/flows/orders");
            assertThat(page.locator(".nodes tbody tr")).hasCount(4);
            assertThat(page.locator(".breakers li").first()).containsText("prices.ask open");
            assertThat(page.locator(".breakers li").last())
                    .containsText("stock <i>x</i> of com.example.Shop half-open the worst of 3");
            assertThat(figure(page, "in")).hasText("1,234/s");
            Assertions.assertThat(page.evaluate(HOURS)).isEqualTo("1 2 3 4   7|      1|5,8,,,14");
            console.screens("overview-troubles");
            console.noComplaints();
        }
    }

    /** What a node in every kind of trouble would say. */
    private static JsonObject report() {
        return new JsonObject("""
                {"node": "a", "nodes": [{
                  "node": "a", "name": "a:80", "version": "1.0", "started": 1000000, "at": 90000000, "state": "not-ready",
                  "reasons": [{"check": "policies", "reason": "its policies differ <b>from</b> b"}],
                  "warnings": [{"check": "auth", "warning": "no key is configured"}],
                  "cpus": 4, "heapMax": 1000000000, "every": 10000, "step": 5,
                  "now": {"in": 1234.2, "out": 0, "sessions": 3, "loop": 900, "heap": 950000000, "gc": 0.01, "cpu": 1.25, "letters": 3, "lag": 7},
                  "history": {"in": [1, null, 700.5, 1234], "loop": [0, 0, 0, 900], "letters": [0, 0, 1, 3]},
                  "flows": {"count": 2, "stopped": ["orders"]},
                  "breakers": [{"flow": "prices", "stage": "ask", "state": "open"},
                    {"name": "stock <i>x</i>", "verticle": "com.example.Shop", "state": "half-open", "count": 3}],
                  "members": [{"node": "a", "state": "node"}, {"node": "b", "name": "b:80", "version": "1.0", "state": "node"},
                    {"node": "5f2c", "state": "program"}],
                  "gone": [{"node": "c", "name": "c:80", "version": "1.0", "at": 89700000}]
                }]}""");
    }
}
