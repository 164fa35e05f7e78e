package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.web.Chromium;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What runs in the nodes, as the console shows it. */
class VerticlesViewIT {
    private static final String YAML = ConsolePage.AUTH + ConsolePage.WEBROOT + """
            addresses:
              - {match: tasks, publish: anyone, subscribe: anyone}
              - {match: lonely, publish: anyone, subscribe: anyone}
            verticles:
              - {deploy: "js:noisy.js", on-error: stop}
            """;

    private static final String SCRIPT = """
            const { emitter } = require('weir');
            emitter('tasks')
              .on('say', text => console.warn(text))
              .on('fail', text => { throw new Error(text); });
            """;

    @TempDir
    Path folder;

    private TestNode node;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("noisy.js"), SCRIPT);
        node = TestNode.start(folder, YAML);
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static JsonObject task(String type, String text) {
        return BridgeClient.frame("publish", "tasks")
                .put("headers", new JsonObject().put("ce-type", type))
                .put("body", text);
    }

    @Test
    void aScriptIsFollowedFromItsLogToItsEnd() {
        try (BridgeClient writer = BridgeClient.connect(node.port())) {
            ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/verticles");
            Page page = console.page();
            Locator row = page.locator("tr[data-verticle='js:noisy.js']");
            assertThat(row).containsText("running");
            row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("More of js:noisy.js"))
                    .click();
            assertThat(page.locator(".heard")).containsText("tasks");
            writer.send(task("say", "<i>hello</i> there"));
            assertThat(page.locator(".log [data-level=warn]")).containsText("<i>hello</i> there");
            writer.send(BridgeClient.frame("publish", "lonely").put("body", 1));
            assertThat(page.locator(".unheard tbody tr")).containsText("lonely");
            writer.send(task("fail", "<b>on purpose</b>"));
            assertThat(row).containsText("ended");
            assertThat(page.locator(".failures .bad")).hasText(Pattern.compile("noisy\\.js:4:\\d+"));
            assertThat(page.locator(".failures summary")).containsText("<b>on purpose</b>");
            assertThat(page.locator(".fine")).containsText("No listeners that only become more");
            console.screens("verticles");
            console.noComplaints();
        }
    }

    @Test
    void leaksAndWhatWasLeftBehindComeWithWhatToDo() {
        ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/nothing");
        Page page = console.page();
        answer(page, "verticles", """
                {"node": "a", "verticles": [{"name": "com.example.<b>Shop</b>", "kind": "java", "at": "conf/weir.yaml:9", "instances": 2,
                  "running": 2, "waiting": 0, "state": "running", "share": 0.31, "runs": 1200, "seconds": 4.25, "errors": 0, "restarts": 0, "addresses": [], "addressCount": 0, "listeners": 11,
                  "history": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "failures": [], "log": []}],
                 "leaks": [{"what": "address", "name": "orders.<b>x</b>", "from": 2, "to": 12, "now": 14, "minutes": 10, "since": 1000000,
                  "words": "", "mend": "remove each with off()", "history": [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14]}]}""");
        answer(page, "traffic", """
                {"node": "a", "addresses": [], "unheard": [{"address": "lost.<b>x</b>", "events": 7, "since": 1000000}],
                 "departed": [{"node": "ghost", "registrations": 3, "removed": 3, "addresses": ["orders"], "at": 1000000},
                   {"node": "other", "registrations": 3, "removed": 1, "addresses": ["<i>y</i>"], "at": 1000000}]}""");
        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Verticles").setExact(true))
                .click();
        assertThat(page.locator(".leaks li"))
                .containsText("orders.<b>x</b> has ever more listeners: 2 became 12 in 10 minutes, 14 now");
        assertThat(page.locator(".leaks li"))
                .containsText("remove each with off(). The warning goes away once there are fewer than 12");
        assertThat(page.locator(".unheard tbody tr")).containsText("lost.<b>x</b>");
        assertThat(page.locator(".departed li").first()).containsText("all removed");
        assertThat(page.locator(".departed li").last()).containsText("2 still there");
        assertThat(page.locator("tr[data-verticle] code").first()).hasText("com.example.<b>Shop</b>");
        assertThat(page.locator("tr[data-verticle] .share")).containsText("31 %");
        page.locator("tr[data-verticle] button").click();
        assertThat(page.locator("tr.more"))
                .containsText("1,200 times, 4.3 s in all on its event loops: messages, timers, requests and answers");
        console.screens("verticles-troubles");
        console.noComplaints();
    }

    private static void answer(Page page, String topic, String told) {
        page.route(
                "**/v1/reports/" + topic,
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody("{\"node\": \"a\", \"nodes\": [" + told + "]}")));
    }
}
