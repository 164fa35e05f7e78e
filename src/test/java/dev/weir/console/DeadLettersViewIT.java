package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.TestNode;
import dev.weir.emitter.Subscription;
import dev.weir.web.Chromium;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The console's view of dead letters, of a node with a subscription and a flow that could not do what they should. */
class DeadLettersViewIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";
    private static final String YAML = ConsolePage.AUTH + ConsolePage.WEBROOT + """
            addresses:
              - {match: orders, publish: anyone, keep: {events: 1000}}
              - {match: letters, publish: anyone, keep: {events: 1000}}
              - {match: large, keep: {events: 1000}}
            subscriptions:
              - {name: mail, from: [letters], consume: role:mail, retry: {backoff: [1ms], attempts: 2}}
            """;
    private static final String FLOW = """
            flow: orders
            from: orders
            stages:
              - map: {total: event.data.price * event.data.count}
                id: total
            to: large
            """;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    private final List<JsonObject> delivered = new CopyOnWriteArrayList<>();
    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(
                Files.createDirectories(folder.resolve("conf").resolve("flows")).resolve("orders.yaml"), FLOW);
        node = TestNode.start(folder, YAML);
        node.vertx().runOnContext(now -> Subscription.of(node.vertx(), "mail").consume(delivery -> {
            JsonObject data =
                    (JsonObject) Objects.requireNonNull(delivery.event().data());
            if (data.containsKey("to")) {
                delivered.add(data);
                return Future.succeededFuture();
            }
            return Future.failedFuture("letter '" + data.getValue("n") + "' has no " + HOSTILE);
        }));
    }

    @AfterEach
    void stop() {
        CHROMIUM.clear();
        node.close();
    }

    private void publish(String address, String type, JsonObject data) throws Exception {
        String query = "?type=" + URLEncoder.encode(type, StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(node.url("/v1/addresses/" + address + "/events" + query)))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(data.encode()))
                .build();
        Assertions.assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(201);
    }

    private void letters(int from, int to) throws Exception {
        for (int n = from; n <= to; n++) {
            publish("letters", HOSTILE, new JsonObject().put("n", n).put("say", HOSTILE));
        }
    }

    private int dead() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/dead-letters?limit=1000")))
                .header("authorization", "Bearer " + ConsolePage.token("ann", "operator", 600))
                .build();
        String body = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        return new JsonObject(body).getJsonArray("deadLetters").size();
    }

    private void awaitDead(int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> Assertions.assertThat(dead()).isEqualTo(count));
    }

    private static Locator rows(Page page) {
        return page.locator("weir-rows .row:not(.head)");
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    @Test
    void theyAreGroupedFoundAndLookedInto() throws Exception {
        letters(1, 3);
        publish("orders", "order", new JsonObject().put("price", 5));
        awaitDead(4);
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/dead-letters");
        Page page = console.page();
        Locator groups = page.locator(".groups tbody tr");
        assertThat(groups).hasCount(2);
        assertThat(groups.first()).containsText("letter … has no <img src=x onerror=alert(…)>");
        assertThat(groups.first().locator("td").first()).hasText("3");
        assertThat(rows(page)).hasCount(4);
        console.screens("dead-letters");
        groups.nth(1).getByRole(AriaRole.BUTTON).click();
        assertThat(rows(page)).hasCount(1);
        assertThat(rows(page)).containsText("flow.orders total");
        assertThat(page).hasURL(Pattern.compile(".*subscription=flow\\.orders.*"));
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Show all"))
                .click();
        page.getByRole(AriaRole.SEARCHBOX).fill("\"n\":2");
        page.keyboard().press("Enter");
        assertThat(rows(page)).hasCount(1);
        Locator list = page.getByRole(AriaRole.GRID);
        list.focus();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        Locator letter = page.locator("weir-letter");
        assertThat(letter.locator("h2")).hasText(HOSTILE);
        assertThat(letter.locator(".errors li")).hasCount(2);
        assertThat(letter.locator(".errors li").first()).containsText("letter '2' has no " + HOSTILE);
        assertThat(letter.locator(".tree")).containsText("\"" + HOSTILE + "\"");
        assertThat(letter.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(Pattern.compile("^Follow "))))
                .hasAttribute("href", Pattern.compile("#/trace/.+"));
        assertThat(page.locator("main img")).hasCount(0);
        console.screens("dead-letter");
        page.reload();
        assertThat(letter.locator("h2")).hasText(HOSTILE);
        console.noComplaints();
    }

    @Test
    void viewersSeeThemAndChangeNothing() throws Exception {
        letters(1, 1);
        awaitDead(1);
        ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/dead-letters");
        Page page = console.page();
        rows(page).click();
        assertThat(page.locator("weir-letter .tree")).containsText("\"" + HOSTILE + "\"");
        for (String action : List.of("Replay", "Discard", "Edit the data")) {
            assertThat(button(page, action)).hasCount(0);
        }
        console.noComplaints();
    }

    @Test
    void oneIsMendedAndDelivered() throws Exception {
        letters(1, 2);
        awaitDead(2);
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/dead-letters");
        Page page = console.page();
        rows(page).last().click();
        button(page, "Edit the data").click();
        Locator text = page.getByLabel("The data as JSON");
        text.fill("{\n  \"n\": 1,\n  \"to\" \"ann\"\n}");
        assertThat(page.locator("weir-code .wrongs")).containsText("Line 3, column 8");
        assertThat(button(page, "Replay with this data")).isDisabled();
        console.accessible();
        text.fill("{\"n\": 1, \"to\": \"ann\"}");
        assertThat(page.locator("weir-code .wrongs li")).hasCount(0);
        button(page, "Save").click();
        assertThat(page.locator("weir-letter .tree")).containsText("\"ann\"");
        Assertions.assertThat(delivered).isEmpty();
        page.locator("weir-letter")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Replay"))
                .click();
        await().atMost(PATIENCE).untilAsserted(() -> Assertions.assertThat(delivered)
                .containsExactly(new JsonObject().put("n", 1).put("to", "ann")));
        assertThat(rows(page)).hasCount(1);
        assertThat(page.locator("weir-letter")).hasCount(0);
        awaitDead(1);
        console.noComplaints();
    }

    @Test
    void manyAreReplayedAtARateThenDiscardedAndNewOnesAreShownAtOnce() throws Exception {
        letters(1, 12);
        publish("orders", "order", new JsonObject().put("price", 5));
        awaitDead(13);
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/dead-letters?subscription=mail");
        Page page = console.page();
        assertThat(rows(page)).hasCount(12);
        page.getByLabel("Replays a second").fill("4");
        // What is shown for a moment only may be gone before a busy machine looks.
        page.evaluate("""
                () => {
                  window.seen = '';
                  new MutationObserver(() => {
                    if (document.querySelector('progress')) window.seen += 'progress ';
                    window.seen += document.querySelector('weir-toasts').textContent;
                  }).observe(document.body, {subtree: true, childList: true, characterData: true});
                }""");
        button(page, "Replay all").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("Replay 12 dead letters?");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Replay 12"))
                .click();
        await().atMost(PATIENCE).untilAsserted(() -> Assertions.assertThat((String) page.evaluate("() => window.seen"))
                .contains("progress ", "12 are replayed."));
        // They fail again, so that they are other dead letters now.
        awaitDead(13);
        assertThat(rows(page)).hasCount(12);
        // A page that is open may not have its registrations yet.
        AtomicInteger more = new AtomicInteger();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            letters(13, 13);
            more.incrementAndGet();
            Assertions.assertThat(rows(page).count()).isGreaterThan(12);
        });
        int mail = 12 + more.get();
        awaitDead(mail + 1);
        assertThat(page.locator(".letters h2").first()).hasText(mail + " dead letters");
        button(page, "Discard all").click();
        assertThat(dialog).containsText("Discard " + mail + " dead letters?");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Discard " + mail))
                .click();
        assertThat(page.locator("main")).containsText("None that this finds");
        awaitDead(1);
        console.noComplaints();
    }
}
