package dev.weir.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.weir.TestNode;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page with the demo's configuration, in Chromium. */
class PageIT {
    @TempDir
    Path folder;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    private final Map<String, String> port = TestNode.portToComeBackTo();
    private TestNode node;
    private int second;

    @BeforeEach
    void start() throws IOException {
        node = startNode(port);
    }

    @AfterEach
    void stop() {
        CHROMIUM.clear();
        node.close();
    }

    @Test
    void theBoardShowsWhatWasSaidBeforeAndWhatComesNext() {
        metrics(0.25, 4);
        metrics(0.5, 7);
        Page page = open();
        assertThat(tile(page, "CPU")).hasText("50%");
        assertThat(tile(page, "Clients")).hasText("7");
        assertThat(tile(page, "Events")).hasText("10/s");
        assertThat(tile(page, "Memory")).hasText("25%");
        assertThat(page.locator(".nodes tbody tr")).hasCount(1);
        metrics(0.75, 9);
        assertThat(tile(page, "CPU")).hasText("75%");
        assertThat(tile(page, "Clients")).hasText("9");
        assertThat(tile(page, "Your latency")).hasText(Pattern.compile("\\d.*ms"));
        assertThat(page.getByRole(
                        AriaRole.IMG, new Page.GetByRoleOptions().setName(Pattern.compile("^Host .*CPU 75 %"))))
                .isVisible();
        noComplaints();
    }

    @Test
    void twoBrowsersChatAndNamesStayText() {
        Page one = open();
        Page two = open();
        assertThat(one.locator("weir-chat .log")).containsText("Welcome to #lobby");
        String hostile = "<img src=x onerror=alert(1)>";
        Locator name = one.getByLabel("Your name");
        name.fill(hostile);
        name.blur();
        say(one, "hello <b>there</b>");
        Locator heard = two.locator("weir-chat .said", new Page.LocatorOptions().setHasText("hello"));
        assertThat(heard.locator("p")).containsText("hello <b>there</b>");
        assertThat(heard.locator(".author")).hasText(hostile);
        assertThat(one.locator("weir-chat .said.own:not(.waiting)")).containsText("hello <b>there</b>");
        assertThat(two.locator("weir-chat img")).hasCount(0);
        assertThat(two.locator("weir-chat .present b")).hasText("2");
        one.close(new Page.CloseOptions().setRunBeforeUnload(false));
        noComplaints();
    }

    @Test
    void whoComesLaterSeesWhatWasSaidBefore() {
        Page one = open();
        say(one, "said early");
        say(one, "and then this");
        Locator own = one.locator("weir-chat .said.own:not(.waiting)");
        assertThat(own).hasCount(2);
        Page two = open();
        Locator heard = two.locator("weir-chat .said:not(.own)");
        assertThat(heard).hasCount(2);
        assertThat(heard.first()).containsText("said early");
        assertThat(two.locator("weir-chat .unread")).hasCount(0);
        say(two, "good to know");
        assertThat(two.locator("weir-chat .said")).hasCount(3);
        one.reload();
        assertThat(one.locator("weir-chat .said")).hasCount(3);
        assertThat(own).hasCount(2);
        assertThat(one.locator("weir-chat .said").last()).containsText("good to know");
        noComplaints();
    }

    @Test
    void roomsAreApartUnreadIsCountedAndWhoComesAndGoesIsTold() {
        Page one = open();
        Page two = open();
        say(one, "for the lobby");
        assertThat(two.locator("weir-chat .log")).containsText("for the lobby");
        two.locator("weir-chat .rooms button", new Page.LocatorOptions().setHasText("ideas"))
                .click();
        assertThat(one.locator("weir-chat .log")).containsText(Pattern.compile("came.*went", Pattern.DOTALL));
        assertThat(two.locator("weir-chat .log")).not().containsText("for the lobby");
        say(one, "who is still here?");
        assertThat(two.locator("weir-chat .unread")).hasText("1");
        two.locator("weir-chat .rooms button", new Page.LocatorOptions().setHasText("lobby"))
                .click();
        assertThat(two.locator("weir-chat .unread")).hasCount(0);
        two.getByLabel("New room").fill("Büro 7");
        two.getByLabel("New room").press("Enter");
        assertThat(two.locator("weir-chat header code")).hasText("chat.b-ro-7");
        noComplaints();
    }

    @Test
    void aClickIsCountedInEveryBrowser() {
        Page one = open();
        Page two = open();
        assertThat(two.locator("weir-clicks .total")).hasText("0");
        for (int i = 0; i < 3; i++) {
            one.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Click").setExact(true))
                    .click();
        }
        assertThat(two.locator("weir-clicks .total")).hasText("3");
        assertThat(one.locator("weir-clicks .mine")).hasText("3");
        assertThat(two.locator("weir-clicks .mine")).hasText("0");
        Page late = open();
        assertThat(late.locator("weir-clicks .total")).hasText("3");
        noComplaints();
    }

    @Test
    void theFeedFiltersPausesAndLooksInside() {
        Page page = open();
        metrics(0.5, 3);
        say(page, "find me");
        Locator rows = page.locator("weir-feed .row");
        page.getByLabel("Filter").fill("type:said find");
        assertThat(rows).hasCount(1);
        rows.first().click();
        assertThat(page.locator("weir-feed .tree")).containsText("\"find me\"");
        assertThat(page.locator("weir-feed dl")).containsText("chat.lobby");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pause"))
                .click();
        say(page, "find me too");
        assertThat(page.getByRole(
                        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("Resume \\([1-9]"))))
                .isVisible();
        assertThat(rows).hasCount(1);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Resume"))
                .click();
        assertThat(rows).hasCount(2);
        page.getByLabel("Another address").fill("__vertx.secret");
        page.getByLabel("Another address").press("Enter");
        assertThat(page.locator("weir-feed .wrong")).hasText("__vertx.secret");
        noComplaints();
    }

    @Test
    void thePageOutlivesItsServer() throws IOException {
        Page page = open();
        node.close();
        assertThat(page.locator("weir-header .banner")).containsText("The connection is lost");
        say(page, "said while it was away");
        assertThat(page.locator("weir-chat .waiting")).containsText("said while it was away");
        node = startNode(port);
        assertThat(page.locator("weir-header .pill")).hasAttribute("data-state", "open");
        assertThat(page.locator("weir-chat .said.own:not(.waiting)")).containsText("said while it was away");
        assertThat(page.locator("weir-header .banner")).hasCount(0);
        metrics(0.5, 1);
        assertThat(tile(page, "CPU")).hasText("50%");
    }

    @Test
    void theMachineItselfIsOnTheBoard() throws IOException {
        node.close();
        String webroot = Path.of("webroot").toAbsolutePath().toString();
        node = TestNode.start(
                folder,
                Files.readString(Path.of("conf/weir.yaml")) + "\nhttp: {webroot: \"" + webroot + "\"}\n",
                Map.of());
        Page page = open();
        assertThat(tile(page, "CPU")).hasText(java.util.regex.Pattern.compile("[\\d.]+%"));
        assertThat(tile(page, "Clients")).hasText(java.util.regex.Pattern.compile("[1-9]\\d*"));
        noComplaints();
    }

    @Test
    void lightAndDarkAndPhones() {
        Page phone = CHROMIUM.visitor(
                new Browser.NewContextOptions().setViewportSize(390, 844).setColorScheme(ColorScheme.DARK));
        phone.navigate(node.url("/"));
        assertThat(phone.locator("html")).hasAttribute("data-theme", "dark");
        phone.getByLabel("Light or dark").click();
        assertThat(phone.locator("html")).hasAttribute("data-theme", "light");
        phone.reload();
        assertThat(phone.locator("html")).hasAttribute("data-theme", "light");
        Assertions.assertThat((int) phone.evaluate("() => document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(390);
        phone.locator("weir-header nav a", new Page.LocatorOptions().setHasText("Chat"))
                .click();
        assertThat(phone.locator("weir-chat .composer")).isInViewport();
        noComplaints();
    }

    @Test
    void theResultsOfFlowsAreShownAsTheyComeAndFitAPhone() {
        Page page = CHROMIUM.visitor(new Browser.NewContextOptions().setViewportSize(375, 812));
        page.navigate(node.url("/apps/flows.html"));
        assertThat(page.locator("weir-flows .pill")).hasAttribute("data-state", "open");
        Locator log = page.locator("[data-flow=gateway-log]");
        // A page that is open may not have its registrations yet.
        Awaitility.await().untilAsserted(() -> {
            results();
            Assertions.assertThat(log.locator("code").allTextContents()).contains("<b>x</b>");
            Assertions.assertThat(page.locator(".scroll").count()).isEqualTo(2);
        });
        assertThat(log).containsText("9 requests of 1 clients");
        assertThat(page.locator("[data-flow=routes] td").last()).hasText("12.3k");
        Assertions.assertThat((int) page.evaluate("() => document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(375);
        Assertions.assertThat(
                        page.evaluate(
                                "() => [...document.querySelectorAll('.scroll')].every(one => one.scrollWidth <= one.clientWidth)"))
                .as("tables need no scrolling")
                .isEqualTo(true);
        noComplaints();
    }

    private void results() {
        String time = "2026-01-01T00:00:00Z";
        JsonObject client = new JsonObject().put("value", "<b>x</b>").put("count", 7);
        publish(
                "results.gateway-log",
                "window",
                time,
                new JsonObject().put("n", 9).put("clients", 1).put("bad", 2).put("top", new JsonArray().add(client)));
        publish(
                "results.routes",
                "window",
                time,
                new JsonObject()
                        .put("route", "OPTIONS /a-first-part-of-a-path-that-is-long")
                        .put("rate", 1234.5)
                        .put("p50", 1234.5)
                        .put("p99", 98765.4)
                        .put("errors", 12345));
        publish(
                "results.generated-csv",
                "window",
                time,
                new JsonObject()
                        .put("start", time)
                        .put("region", "south-west")
                        .put("n", 630_000)
                        .put("quantity", 12_345_678)
                        .put("revenue", 123_456_789.5));
    }

    private Page open() {
        Page page = CHROMIUM.visitor();
        page.navigate(node.url("/"));
        assertThat(page.locator("weir-header .pill")).hasAttribute("data-state", "open");
        return page;
    }

    private static void say(Page page, String text) {
        page.getByLabel("Message", new Page.GetByLabelOptions().setExact(true)).fill(text);
        page.getByLabel("Message", new Page.GetByLabelOptions().setExact(true)).press("Enter");
    }

    private static Locator tile(Page page, String label) {
        return page.locator(
                        "weir-tile",
                        new Page.LocatorOptions()
                                .setHas(page.locator(
                                        "h3",
                                        new Page.LocatorOptions().setHasText(Pattern.compile("^" + label + "$")))))
                .locator(".value");
    }

    /** What the sources of a node would say, one second after the last time. */
    private void metrics(double cpu, int clients) {
        second++;
        String time = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second).toString();
        publish(
                "host.metrics",
                "host",
                time,
                new JsonObject()
                        .put("cpu", cpu)
                        .put("load", new JsonArray().add(1.5).add(1).add(1))
                        .put("memory", new JsonObject().put("total", 4000).put("used", 1000)));
        publish(
                "node.metrics",
                "node",
                time,
                new JsonObject()
                        .put("node", "n1")
                        .put("clients", clients)
                        .put("eventsIn", second * 10)
                        .put("eventsOut", second * 100)
                        .put("loopLagMillis", 0.5)
                        .put("heap", new JsonObject().put("used", 1000).put("max", 2000))
                        .put("uptimeMillis", second * 1000));
    }

    private void publish(String address, String type, String time, JsonObject data) {
        node.vertx()
                .eventBus()
                .publish(
                        address,
                        data,
                        new DeliveryOptions()
                                .addHeader("ce-type", type)
                                .addHeader("ce-source", "weir/n1")
                                .addHeader("ce-time", time));
    }

    private void noComplaints() {
        Assertions.assertThat(CHROMIUM.complaints()).isEmpty();
    }

    private TestNode startNode(Map<String, String> env) throws IOException {
        String webroot = Path.of("webroot").toAbsolutePath().toString();
        // Without its sources, which would speak between the figures that these tests publish themselves.
        String demo = Files.readString(Path.of("conf/weir.yaml")).replaceFirst("(?s)\nsources:.*", "\n");
        return TestNode.start(folder, demo + "\nhttp: {webroot: \"" + webroot + "\"}\n", env);
    }
}
