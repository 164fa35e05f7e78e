package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.TestNode;
import dev.weir.web.Chromium;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The console's view of flows, of a node whose flow works, fails and meets a service that is not there. */
class FlowsViewIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String HOSTILE = "<img src=x onerror=alert(1)>";
    private static final String YAML = ConsolePage.AUTH + ConsolePage.WEBROOT + """
            addresses:
              - {match: orders, publish: anyone, keep: {events: 1000}}
              - {match: large, keep: {events: 1000}}
              - {match: small, keep: {events: 1000}}
            """;
    private static final String FLOW = """
            flow: orders
            from: orders
            stages:
              - map: {total: event.data.price * event.data.count, say: event.data.say}
                id: total
              - script: "(event) => { if (event.data.say !== 'well') throw new Error(event.data.say); return event; }"
                id: check
              - dedupe: {by: event.data.total, within: 1h}
              - route:
                  cases: [{when: event.data.total >= 100, to: {address: large}}]
            to:
              - {address: small}
              - webhook: {url: "http://127.0.0.1:1/", timeout: 1s, breaker: {of: 1, pause: 1h}, retry: {backoff: [1h], attempts: 2}}
                id: shop
            """;

    @TempDir
    static Path folder;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    private static TestNode node;

    @BeforeAll
    static void start() throws IOException {
        Path flows = Files.createDirectories(folder.resolve("conf").resolve("flows"));
        Files.writeString(flows.resolve("orders.yaml"), FLOW);
        Files.writeString(
                flows.resolve("idle.yaml"), "flow: idle\nfrom: small\nstages: [{filter: false}]\nto: large\n");
        node = TestNode.start(folder, YAML);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static void order(int price, String say) throws Exception {
        JsonObject data = new JsonObject().put("price", price).put("count", 2).put("say", say);
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/orders/events?type=order")))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(data.encode()))
                .build();
        Assertions.assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(201);
    }

    private static String state() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/flows/orders")))
                .header("authorization", "Bearer " + ConsolePage.token("ann", "operator", 600))
                .build();
        String body = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return new JsonObject(body).getJsonArray("nodes").getJsonObject(0).getString("state");
    }

    private static Locator box(Page page, String stage) {
        return page.locator("weir-flow-graph .box[data-stage=" + stage + "]");
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void theGraphShowsWhatHappensNow() throws Exception {
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/flows");
        Page page = console.page();
        Locator row = page.locator("tr[data-flow=orders]");
        assertThat(row.locator(".pill").first()).hasText("running");
        order(5, "well");
        order(500, "well");
        order(7, HOSTILE);
        assertThat(row).containsText("1 breaker not closed");
        console.screens("flows");
        row.getByRole(AriaRole.LINK).click();
        assertThat(page.locator("weir-flow-graph .box")).hasCount(8);
        assertThat(box(page, "shop")).containsText("breaker open");
        assertThat(box(page, "shop")).containsText("1 waiting");
        assertThat(box(page, "check")).hasAccessibleName(Pattern.compile("Stage, check, script: .*1 error.*"));
        box(page, "check").focus();
        page.keyboard().press("Enter");
        Locator details = page.locator(".stage");
        assertThat(details.locator(".errors")).containsText(HOSTILE);
        assertThat(details).containsText("throw new Error(event.data.say)");
        assertThat(page.locator("main img")).hasCount(0);
        page.keyboard().press("ArrowRight");
        assertThat(box(page, "dedupe")).isFocused();
        Locator stages = page.locator("tr[data-stage=route]");
        assertThat(stages).containsText("target address-2, target shop, case-1: target address");
        boxesAreApart(page);
        console.screens("flow");
        page.setViewportSize(375, 900);
        boxesAreApart(page);
        console.noComplaints();
    }

    private static void boxesAreApart(Page page) {
        Object over = page.evaluate("""
                () => {
                  const all = [...document.querySelectorAll('weir-flow-graph .box')].map(each => each.getBoundingClientRect());
                  return all.some((a, i) => all.some((b, j) => i < j && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
                }""");
        Assertions.assertThat(over).as("boxes over each other").isEqualTo(false);
    }

    @Test
    void ratesAreThoseOfWhatTheFlowReads() {
        ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/flows/orders");
        Locator rate = console.page().locator("weir-flow-graph .rate[data-from='from:0']");
        // A page that is open may not have its registrations yet.
        await().atMost(PATIENCE).untilAsserted(() -> {
            order(5, "well");
            Assertions.assertThat(rate.textContent()).matches("0\\.[5-9]/s|[1-9][\\d.]*/s");
        });
        assertThat(rate).hasText("0/s");
        assertThat(console.page().locator("[data-do]")).hasCount(0);
        console.noComplaints();
    }

    @Test
    void aFlowIsPausedAndResumedByKeyboard() throws Exception {
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/flows/orders");
        Page page = console.page();
        Locator state = page.locator(".flow-head [role=status]");
        button(page, "Pause").focus();
        page.keyboard().press("Enter");
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("It goes on later where it was.");
        console.accessible();
        page.keyboard().press("Enter");
        assertThat(dialog).hasCount(0);
        Assertions.assertThat(state()).as("Cancel has the focus first").isEqualTo("running");
        button(page, "Pause").press("Enter");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Pause"))
                .press("Enter");
        assertThat(state).hasText("paused");
        Assertions.assertThat(state()).isEqualTo("paused");
        button(page, "Resume").press("Enter");
        assertThat(state).hasText("running");
        Assertions.assertThat(state()).isEqualTo("running");
        console.noComplaints();
    }

    @Test
    void aCandidateIsTriedAndWhatIsWrongWithItHasItsPlace() throws Exception {
        order(60, "well");
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/flows/orders?try=change");
        Page page = console.page();
        Locator text = page.getByLabel("The file of the flow");
        assertThat(text).hasValue(FLOW);
        text.fill(
                FLOW.replace("- dedupe", "- dedup").replace("event.data.total >= 100", "event.data.total >= nothing"));
        button(page, "Try").click();
        Locator wrongs = page.locator("weir-code .wrongs li");
        assertThat(wrongs.filter(new Locator.FilterOptions().setHasText("did you mean dedupe?")))
                .containsText("Line 8");
        Locator expression = wrongs.filter(new Locator.FilterOptions().setHasText("nothing is unknown"));
        assertThat(expression).containsText("Line 10, column 42");
        expression.getByRole(AriaRole.BUTTON).click();
        Assertions.assertThat(
                        page.evaluate(
                                "() => { const area = document.querySelector('weir-code textarea'); return area.value.slice(area.selectionStart, area.selectionStart + 7); }"))
                .isEqualTo("nothing");
        console.accessible();
        text.fill(FLOW.replace("event.data.total >= 100", "event.data.total >= 1000000"));
        button(page, "Try").click();
        Locator outcome = page.locator(".outcome");
        assertThat(outcome).containsText("Difference to the running version");
        Locator changes = outcome.locator(".diff tbody tr");
        assertThat(changes.filter(new Locator.FilterOptions().setHasText("removed"))
                        .first())
                .containsText("large");
        assertThat(changes.filter(new Locator.FilterOptions().setHasText("added"))
                        .first())
                .containsText("small");
        assertThat(outcome.locator("table", new Locator.LocatorOptions().setHasText("Ended here")))
                .containsText("route");
        console.screens("flows-try");
        Assertions.assertThat(CHROMIUM.complaints())
                .allSatisfy(each -> Assertions.assertThat(each).contains("422"));
    }
}
