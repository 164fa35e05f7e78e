package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.web.Chromium;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The frame of the console: who may come in, the way around, and a node that goes and comes back. */
class ShellIT {
    private static final String YAML = ConsolePage.AUTH + ConsolePage.WEBROOT;

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

    private static Locator live(Page page) {
        return page.locator("weir-console .live");
    }

    @Test
    void whoHasNoTokenIsAskedForOneAndComesToWhereTheyWanted() {
        ConsolePage outside = ConsolePage.outside(CHROMIUM, node, "#/nowhere");
        Page page = outside.page();
        assertThat(page.getByLabel("Token")).isVisible();
        outside.screens("sign-in");
        outside.noComplaints();
        ConsolePage.signIn(page, ConsolePage.token("eve", "customer", 600));
        assertThat(page.getByRole(AriaRole.ALERT)).hasText("This token has neither the role operator nor viewer.");
        ConsolePage.signIn(page, "Bearer " + ConsolePage.token("vic", "viewer", 600));
        assertThat(live(page)).hasAttribute("data-state", "open");
        assertThat(page.locator(".who")).hasText(Pattern.compile("vic\\s+viewer"));
        assertThat(page.locator("main")).containsText("There is no such page");
        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Overview").setExact(true))
                .click();
        assertThat(page.locator("weir-overview-view")).isVisible();
        page.getByLabel("Sign out").click();
        assertThat(page.getByLabel("Token")).isVisible();
        page.reload();
        assertThat(page.getByLabel("Token")).isVisible();
    }

    @Test
    void aTokenThatIsNotTakenAnyMoreIsAskedForAgainOverThePageAsItWas() throws Exception {
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/overview?by=name");
        Page page = console.page();
        assertThat(page.locator("[data-figure=sessions]")).isVisible();
        page.evaluate("() => { document.querySelector('weir-overview-view').same = true; }");
        String secret = "another secret of at least thirty-two characters";
        Files.writeString(folder.resolve("conf/weir.yaml"), YAML.replace(Tokens.SECRET, secret));
        node.reload();
        page.evaluate(
                "() => document.querySelector('weir-overview-view').session.api('/v1/reports/overview').catch(() => {})");
        Locator again = page.locator("dialog.again");
        assertThat(again).containsText("Your token is no longer valid");
        console.accessible();
        again.getByLabel("Token")
                .fill(Tokens.hs256(
                        new JsonObject().put("alg", "HS256"),
                        Tokens.claims("ann", 600).put("roles", new JsonArray().add("operator")),
                        secret.getBytes(StandardCharsets.UTF_8)));
        again.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Sign in").setExact(true))
                .click();
        assertThat(again).hasCount(0);
        assertThat(live(page)).hasAttribute("data-state", "open");
        assertThat(page).hasURL(Pattern.compile(".*#/overview\\?by=name$"));
        Assertions.assertThat(page.evaluate("() => document.querySelector('weir-overview-view').same"))
                .isEqualTo(true);
    }

    @Test
    void phonesHaveAMenu() {
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "");
        Page page = console.page();
        page.setViewportSize(375, 812);
        Locator menu = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Menu"));
        Locator link = page.locator("nav[aria-label=Console] a[aria-current=page]");
        assertThat(link).isHidden();
        menu.click();
        assertThat(link).isFocused();
        console.accessible();
        page.keyboard().press("Escape");
        assertThat(link).isHidden();
        console.noComplaints();
    }

    @Test
    void thePageOutlivesItsNode() {
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/overview");
        Page page = console.page();
        page.evaluate("() => { window.same = true; }");
        node.close();
        assertThat(live(page)).hasText("Reconnecting");
        assertThat(page.locator(".banner")).containsText("how it was then");
        node = TestNode.start(folder, YAML, port);
        assertThat(live(page)).hasAttribute("data-state", "open");
        assertThat(page.locator(".banner")).hasCount(0);
        Assertions.assertThat(page.evaluate("() => window.same")).isEqualTo(true);
    }

    @Test
    void longListsKeepOnlyWhatIsInSightAndWalkWithTheKeyboard() {
        ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/nowhere");
        Page page = console.page();
        page.evaluate("""
                async () => {
                  await import('/console/shared/rows.js');
                  const rows = document.createElement('weir-rows');
                  rows.columns = [{title: 'Number', cell: n => n, width: '90px', number: true}, {title: 'Text', cell: n => `item ${n}`}];
                  rows.items = Array.from({length: 5000}, (_, n) => n);
                  rows.label = 'Numbers';
                  rows.style.setProperty('height', '400px');
                  rows.addEventListener('choose', ({detail}) => { window.chosen = detail; rows.chosen = detail; });
                  document.querySelector('main').replaceChildren(rows);
                }""");
        Locator grid = page.getByRole(AriaRole.GRID, new Page.GetByRoleOptions().setName("Numbers"));
        assertThat(grid).hasAttribute("aria-rowcount", "5001");
        assertThat(grid.getByText("item 0", new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
        Assertions.assertThat(grid.locator(".row").count()).isLessThan(50);
        grid.focus();
        page.keyboard().press("End");
        Locator last = grid.getByText("item 4999");
        assertThat(last).isInViewport();
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Enter");
        page.waitForFunction("() => window.chosen === 4998");
        page.evaluate(
                "() => { const rows = document.querySelector('weir-rows'); rows.items = [-3, -2, -1, ...rows.items]; }");
        assertThat(last).isInViewport();
        assertThat(grid.locator("[aria-selected=true]")).containsText("item 4998");
        console.accessible();
        console.noComplaints();
    }

    @Test
    void whatCannotBeUndoneIsAskedBeforeAndWhatWasDoneIsSaid() {
        ConsolePage console = ConsolePage.operator(CHROMIUM, node, "#/overview");
        Page page = console.page();
        page.evaluate("""
                async () => {
                  const {confirm, toast} = await import('/console/shared/dialogs.js');
                  const text = '<img src=x onerror=alert(1)> is lost.';
                  confirm({title: 'Discard it?', text, action: 'Discard', danger: true}).then(yes => { window.said = yes; toast(text); });
                }""");
        Locator dialog = page.locator("weir-confirm dialog");
        assertThat(dialog).containsText("<img src=x onerror=alert(1)> is lost.");
        console.accessible();
        page.keyboard().press("Escape");
        page.waitForFunction("() => window.said === false");
        assertThat(dialog).hasCount(0);
        assertThat(page.locator(".toast")).containsText("<img src=x");
        console.noComplaints();
    }
}
