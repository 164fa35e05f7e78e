package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.TestNode;
import dev.weir.web.Chromium;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The view of live events, as somebody sees it who looks for one. */
class TapViewIT {
    private static final String YAML = ConsolePage.AUTH + ConsolePage.WEBROOT + """
            addresses:
              - {match: orders, publish: "role:operator", subscribe: anyone, keep: {events: 1000}}
              - {match: "sensors.{name}", publish: anyone, subscribe: anyone}
            """;
    private static final String XSS = "<img src=x onerror=alert(1)>";

    @TempDir
    Path folder;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    private final Map<String, String> port = TestNode.portToComeBackTo();
    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start(folder, YAML, port);
    }

    @AfterEach
    void stop() {
        CHROMIUM.clear();
        node.close();
    }

    private void publish(String address, String type, Object data) {
        DeliveryOptions options = new DeliveryOptions().addHeader("ce-type", type);
        node.vertx().eventBus().publish(address, data, options);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Rows of events, without the head. */
    private static Locator rows(Page page) {
        return page.locator("weir-tap-view [role=rowgroup] [role=row]");
    }

    /** Taps and waits until everything from now on is seen. */
    private static void tap(Page page, String pattern, String filter) {
        page.getByLabel("Address or pattern").fill(pattern);
        page.getByLabel("Only where").fill(filter);
        page.locator(".tap-form button.primary").click();
        assertThat(page.locator(".tap header h2")).hasText(pattern);
    }

    private static JsonObject order(String id, int amount) {
        return new JsonObject()
                .put("order", id)
                .put("amount", amount)
                .put(
                        "items",
                        new JsonArray().add(new JsonObject().put("sku", "A-1").put("n", 2)))
                .put("note", XSS);
    }

    @Test
    void eventsAreSeenFilteredPausedAndLookedInto() {
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/tap");
        Page page = console.page();
        assertThat(page.locator("weir-tap-view")).containsText("See events as they come");
        tap(page, "**", "");
        publish("orders", "placed", order("o-1", 120));
        publish("sensors.a", XSS, 21.5);
        publish("sensors.b", "measured", XSS);
        assertThat(rows(page)).hasCount(3);
        assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("placed")))
                .containsText("\"order\":\"o-1\"");
        assertThat(page.locator(".tap .rates")).containsText("all shown");

        button(page, "Pause").click();
        publish("sensors.a", "measured", "while paused");
        assertThat(page.locator(".tap .rates")).containsText("Paused: 1 newer event waits");
        assertThat(rows(page)).hasCount(3);
        button(page, "Resume").click();
        assertThat(rows(page)).hasCount(4);
        assertThat(rows(page).first()).containsText("while paused");

        tap(page, "**", "event.data.amount > oops");
        assertThat(page.locator("#tap-filter-problem")).containsText("Column 21: oops is unknown");
        assertThat(page.getByLabel("Only where")).hasAttribute("aria-invalid", "true");
        tap(page, "**", "'" + XSS + "' oops");
        assertThat(page.locator("#tap-filter-problem .place")).containsText(XSS);
        tap(page, "**", "event.address == 'orders' && event.data.amount > 200");
        assertThat(page.locator("#tap-filter-problem")).isEmpty();
        // Once the link says so, the node looks that way.
        assertThat(page).hasURL(Pattern.compile(".*#/tap\\?address=\\*\\*&filter=event\\.address.*"));
        publish("orders", "placed", order("o-2", 150));
        publish("orders", "placed", order("o-3", 250));
        assertThat(rows(page)).hasCount(5);
        assertThat(rows(page).first()).containsText("o-3");

        rows(page).first().click();
        Locator detail = page.locator("weir-tap-detail");
        assertThat(detail.locator("h2")).hasText("placed");
        assertThat(detail).containsText("kept, and published");
        assertThat(detail.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Follow this event")))
                .hasAttribute("href", Pattern.compile("#/trace/.+"));
        keysWalkTheTree(page, detail);
        console.screens("tap");
        Assertions.assertThat(page.locator("main img").count()).isZero();
        button(page, "Clear").click();
        assertThat(rows(page)).hasCount(0);
        // The browser itself notes each answer that refuses.
        Assertions.assertThat(CHROMIUM.complaints()).allMatch(each -> each.contains("400 (Bad Request)"));
    }

    private static void keysWalkTheTree(Page page, Locator detail) {
        Locator nodes = detail.getByRole(AriaRole.TREEITEM);
        assertThat(nodes).hasCount(6); // what is two levels deep is open
        nodes.first().focus();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        assertThat(nodes.nth(2)).isFocused();
        assertThat(nodes.nth(2)).containsText("amount");
        page.keyboard().press("Enter");
        assertThat(page.locator("weir-tap-view [role=columnheader]").last()).hasText("data.amount");
        assertThat(rows(page).first().locator("[role=gridcell]").last()).hasText("250");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowRight");
        assertThat(nodes).hasCount(8);
        page.keyboard().press("ArrowLeft");
        assertThat(nodes).hasCount(6);
        page.keyboard().press("ArrowLeft");
        assertThat(nodes.nth(3)).isFocused();
    }

    @Test
    void anOperatorChangesAnEventAndEmitsItAgain() throws Exception {
        BlockingQueue<Message<JsonObject>> heard = new LinkedBlockingQueue<>();
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/tap?address=orders");
        Page page = console.page();
        assertThat(page.locator(".tap header h2")).hasText("orders");
        publish("orders", "placed", order("o-1", 120));
        rows(page).first().click();
        node.vertx().eventBus().<JsonObject>consumer("orders", heard::add);
        String id = page.locator("weir-tap-detail dt:text-is('id') + dd").innerText();
        button(page, "Edit and emit again…").click();
        Locator dialog = page.locator("weir-tap-again dialog");
        Locator data = dialog.getByLabel("Data, as JSON");
        data.fill("{\n  \"order\": \"o-1\",\n  \"amount\" 12\n}");
        dialog.getByText("Emit", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(dialog.locator("weir-code")).containsText("Line 3");
        console.accessible();
        data.fill("{\"order\": \"o-1\", \"amount\": 12}");
        dialog.getByLabel("Type").fill("corrected");
        dialog.getByText("Emit", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator(".toast")).containsText("Emitted as");
        assertThat(dialog).hasCount(0);
        // The first event may have been on its way to who listens now.
        Message<JsonObject> again = heard.poll(30, TimeUnit.SECONDS);
        while (!"corrected".equals(again.headers().get("ce-type"))) {
            again = heard.poll(30, TimeUnit.SECONDS);
        }
        Assertions.assertThat(again.body().getInteger("amount")).isEqualTo(12);
        Assertions.assertThat(again.headers().get("ce-causationid")).isEqualTo(id);
        Assertions.assertThat(again.headers().get("ce-id")).isNotEqualTo(id);
        Assertions.assertThat(again.headers().get("ce-authid")).isEqualTo("ann");
        assertThat(rows(page).first()).containsText("corrected");
        console.noComplaints();
    }

    @Test
    void aViewerLooksAndThePageOutlivesItsNode() {
        ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/tap?address=sensors.*");
        Page page = console.page();
        assertThat(page.locator(".tap header h2")).hasText("sensors.*");
        publish("sensors.a", "measured", 1);
        rows(page).first().click();
        assertThat(page.locator("weir-tap-detail")).containsText("Copy JSON");
        assertThat(button(page, "Edit and emit again…")).hasCount(0);
        node.close();
        assertThat(page.locator("weir-console .live")).hasText("Reconnecting");
        node = TestNode.start(folder, YAML, port);
        // The new node has never heard of the tap before the page asks for it again.
        for (int n = 2; rows(page).count() < 2 && n < 600; n++) {
            publish("sensors.a", "measured", n);
            page.waitForTimeout(50);
        }
        assertThat(rows(page).nth(1)).isVisible();
    }
}
