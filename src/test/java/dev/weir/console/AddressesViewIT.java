package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.web.Chromium;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The addresses in use, as the console shows them. */
class AddressesViewIT {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";
    private static final String YAML = ConsolePage.AUTH + ConsolePage.WEBROOT + """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone}
              - {match: "chat.{room}", publish: signed-in, subscribe: anyone, presence: anyone, history: "role:staff", keep: {events: 100}}
              - {match: pricing, request: signed-in}
            subscriptions:
              - {name: billing, from: [chat.lobby], consume: "role:billing"}
            """;

    @TempDir
    Path folder;

    private TestNode node;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @BeforeEach
    void start() {
        node = TestNode.start(folder, YAML);
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static Locator row(Page page, String address) {
        return page.locator("weir-rows .row:not(.head)", new Page.LocatorOptions().setHasText(address));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void everyAddressInUseIsListedFoundAndSorted() {
        node.vertx().eventBus().consumer(HOSTILE, message -> {});
        node.vertx().eventBus().consumer("pricing", message -> {});
        try (BridgeClient one = BridgeClient.connect(node.port());
                BridgeClient two = BridgeClient.connect(node.port())) {
            one.register("orders");
            two.register("orders");
            one.register("chat.*");
            ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/addresses");
            Page page = console.page();
            assertThat(row(page, "orders")).containsText("2 bridge");
            assertThat(row(page, "pricing")).containsText("requests");
            assertThat(row(page, HOSTILE)).containsText("undeclared");
            assertThat(row(page, "chat.*")).containsText("pattern");
            assertThat(page.locator("weir-addresses-view img")).hasCount(0);
            rateIsShown(page, one);
            console.screens("addresses");
            button(page, "Requests").click();
            assertThat(row(page, "pricing")).hasCount(1);
            assertThat(row(page, "orders")).hasCount(0);
            button(page, "All").click();
            page.getByLabel("Search addresses").fill("CHAT");
            assertThat(row(page, "orders")).hasCount(0);
            assertThat(page.locator("weir-rows .row:not(.head)"))
                    .hasText(new Pattern[] {Pattern.compile("chat\\.\\*"), Pattern.compile("chat\\.lobby")});
            page.getByLabel("Search addresses").fill("there is none");
            assertThat(page.locator("main")).containsText("No address fits");
            console.noComplaints();
        }
    }

    private static void rateIsShown(Page page, BridgeClient writer) {
        Awaitility.await().untilAsserted(() -> {
            for (int i = 0; i < 20; i++) {
                writer.send(BridgeClient.frame("publish", "orders").put("body", i));
            }
            Assertions.assertThat(row(page, "orders").textContent()).containsPattern("\\d/s");
        });
    }

    @Test
    void oneAddressIsToldInFullAndHowToUseIt() {
        String who = "ada <b>x</b>";
        try (BridgeClient one = BridgeClient.connect(node.port())) {
            JsonObject headers = new JsonObject()
                    .put("weir-presence", "join")
                    .put("weir-presence-data", new JsonObject().put("name", who).encode())
                    .put("authorization", "Bearer " + ConsolePage.token("ada", "staff", 600));
            one.send(BridgeClient.frame("register", "chat.lobby").put("headers", headers));
            one.send(BridgeClient.frame("publish", "chat.lobby")
                    .put("headers", headers)
                    .put("body", "hello"));
            ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/addresses/chat.lobby");
            Page page = console.page();
            Locator detail = page.locator("weir-address-detail");
            assertThat(detail.locator(".listeners tbody tr")).hasCount(1);
            assertThat(detail.locator(".policy")).containsText("whoever has the role staff");
            assertThat(detail.locator(".policy")).containsText(Pattern.compile("weir.yaml:\\d+"));
            assertThat(detail.locator(".kept")).containsText(Pattern.compile(":1"));
            button(page, "Count again").click();
            assertThat(detail.locator(".kept .size .number")).hasText("7 B");
            assertThat(detail.locator(".subscriptions tbody tr")).containsText("billing");
            present(page, who);
            assertThat(detail.locator("[data-snippet=browser] pre")).containsText("emitter('chat.lobby')");
            assertThat(detail.locator("[data-snippet=browser]"))
                    .containsText("Needs a token (to publish: whoever is signed in)");
            detail.getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setName("curl: history"))
                    .click();
            assertThat(detail.locator("[data-snippet=curl-history] pre"))
                    .containsText(node.url("/v1/addresses/chat.lobby/events?limit=10"));
            page.keyboard().press("ArrowRight");
            assertThat(detail.getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setSelected(true)))
                    .hasText("Vert.x client");
            assertThat(detail.getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setSelected(true)))
                    .isFocused();
            console.screens("address");
            console.noComplaints();
        }
    }

    /** Members are told a moment after they came. */
    private static void present(Page page, String who) {
        Locator members = page.locator("weir-address-detail .present");
        Awaitility.await().untilAsserted(() -> {
            if (members.count() > 0) {
                members.getByText("Look again").click();
            }
            Assertions.assertThat(members.textContent()).contains(who);
        });
        assertThat(page.locator("weir-address-detail .present li b")).hasText("ada");
    }
}
