package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import dev.weir.emitter.Subscription;
import dev.weir.web.Chromium;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page that follows an event, against what happened to events on a real node. */
class TraceViewIT {
    private static final String YAML = ConsolePage.AUTH + ConsolePage.WEBROOT + """
            tracing: {sample: 0.0000001}
            journal: {engine: sqlite}
            addresses:
              - {match: orders, publish: anyone, keep: {events: 1000}}
              - {match: paid, subscribe: anyone, keep: {events: 1000}}
              - {match: doomed, publish: anyone, keep: {events: 1000}}
              - {match: bills, publish: anyone, keep: {events: 1000}}
              - {match: nobody, request: anyone}
            subscriptions:
              - {name: billing, from: [bills], consume: role:billing}
            """;
    private static final String PAY =
            "flow: pay\nfrom: orders\nstages:\n  - map: {total: event.data.n * 2}\nto: paid\n";
    private static final String FAIL = """
            flow: fail
            from: doomed
            stages:
              - id: ask
                call: {address: nobody, timeout: 1s}
            to: paid
            on-error: {retry: {backoff: [10ms], attempts: 3}, then: dead-letter}
            """;
    private static final String EVIL = "<img src=x onerror=\"window.hacked=1\">/?#";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        Path flows = Files.createDirectories(folder.resolve("conf").resolve("flows"));
        Files.writeString(flows.resolve("pay.yaml"), PAY);
        Files.writeString(flows.resolve("fail.yaml"), FAIL);
        node = TestNode.start(folder, YAML);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static void emit(String address, String id) throws Exception {
        Emitter.of(node.vertx(), address)
                .emit(id, new JsonObject().put("n", 21).put("text", EVIL), EmitOptions.NONE.withId(id))
                .await(30, TimeUnit.SECONDS);
    }

    private static JsonObject trace(String id) throws Exception {
        String path =
                "/v1/trace/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url(path)))
                .header("authorization", "Bearer " + ConsolePage.token("vic", "viewer", 3600))
                .build();
        return new JsonObject(
                HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static void awaitFact(String id, String kind) {
        await().until(() -> trace(id).getJsonArray("facts").stream()
                .anyMatch(fact -> kind.equals(((JsonObject) fact).getString("kind"))));
    }

    private static void follow(Page page, String id) {
        page.getByLabel("Id of an event").fill(id);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Follow"))
                .click();
    }

    private static Locator rows(Page page, String what) {
        return page.locator(".trace-lanes tbody tr", new Page.LocatorOptions().setHasText(what));
    }

    @Test
    void anEventThatDiedIsShownWithItsAttemptsAndNothingOfItRuns() throws Exception {
        emit("doomed", EVIL);
        awaitFact(EVIL, "dead-letter");
        ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/trace");
        Page page = console.page();
        assertThat(page.locator("main")).containsText("Give the id that publishing answered");
        follow(page, EVIL);
        // What its stage has asked for may be there too, as far as it was recorded.
        assertThat(page.locator(".trace-tree li").first()).containsText(EVIL);
        assertThat(rows(page, "attempt 1 failed")).hasCount(1);
        assertThat(rows(page, "attempt 3 failed")).hasCount(1);
        assertThat(rows(page, "dead letter after 3 attempts")).hasCount(1);
        assertThat(rows(page, "kept at")).containsText("durable");
        page.getByText("Attributes and data").click();
        assertThat(page.locator(".trace-data")).containsText("<img src=x");
        assertThat(page.locator(".trace-unknown")).containsText("weir-trace: 1");
        org.assertj.core.api.Assertions.assertThat(page.evaluate("() => window.hacked"))
                .isNull();
        console.screens("trace-dead");
        console.noComplaints();
    }

    @Test
    void whatAnEventCausedIsBelowItAndLeadsOn() throws Exception {
        emit("orders", "first");
        await().until(() -> trace("first").getJsonArray("events").size() == 2);
        ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/trace/first");
        Page page = console.page();
        Locator events = page.locator(".trace-tree li");
        assertThat(events).hasCount(2);
        assertThat(events.nth(0)).containsText("orders");
        assertThat(events.nth(1)).containsText("caused by it");
        assertThat(events.nth(1)).hasAttribute("data-depth", "1");
        assertThat(rows(page, "kept at")).hasCount(2);
        console.screens("trace");
        events.nth(1).locator("a").nth(1).click();
        assertThat(page.getByLabel("Id of an event")).not().hasValue("first");
        assertThat(events).hasCount(2);
        follow(page, "nobody-knows");
        assertThat(page.locator("main")).containsText("Nothing was found");
        assertThat(page.locator(".trace-unknown")).containsText("its address keeps nothing");
        console.accessible();
        console.noComplaints();
    }

    @Test
    void recordedStepsAreBesideWhatIsKeptAndMarked() throws Exception {
        List<BridgeClient> clients = List.of(
                BridgeClient.connect(node.port()).register("paid"),
                BridgeClient.connect(node.port()).register("paid"),
                BridgeClient.connect(node.port()).register("paid"));
        node.vertx()
                .deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        return Emitter.of(vertx, "paid")
                                .on(Emitter.ALL, (data, event) -> {})
                                .ready();
                    }
                })
                .await(30, TimeUnit.SECONDS);
        Emitter.of(node.vertx(), "orders")
                .emit(
                        "order",
                        new JsonObject().put("n", 1),
                        EmitOptions.NONE.withId("recorded").traced())
                .await(30, TimeUnit.SECONDS);
        for (BridgeClient each : clients) {
            each.next();
        }
        awaitFact("recorded", "deliver");
        awaitFact("recorded", "handle");
        ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/trace/recorded");
        Page page = console.page();
        assertThat(rows(page, "was written to 3 sessions")).containsText("sampled");
        assertThat(rows(page, "was handled by dev.weir.console.TraceViewIT")).containsText("Verticles");
        assertThat(page.locator(".trace-fall li")).not().hasCount(0);
        assertThat(page.locator(".trace-fall")).containsText("pay/map");
        assertThat(page.locator(".trace-unknown")).hasCount(0);
        console.screens("trace-recorded");
        console.noComplaints();
    }

    @Test
    void thePageLooksAgainWhenADeliveryDies() throws Exception {
        emit("bills", "pending");
        ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/trace/pending");
        Page page = console.page();
        assertThat(rows(page, "not settled")).hasCount(1);
        node.vertx().runOnContext(now -> Subscription.of(node.vertx(), "billing")
                .consume(delivery -> Future.failedFuture(new Subscription.Rejected("no luck"))));
        assertThat(rows(page, "dead letter after 1 attempt")).hasCount(1);
        assertThat(rows(page, "not settled")).hasCount(0);
        console.noComplaints();
    }
}
