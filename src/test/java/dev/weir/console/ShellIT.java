package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.TestNode;
import dev.weir.web.Chromium;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The frame of the console: who may come in, the way around, and a node that goes and comes back. */
class ShellIT {
    private static final String YAML = ConsolePage.AUTH + ConsolePage.WEBROOT;

    @TempDir
    Path folder;

    private static Chromium chromium;

    private TestNode node;

    @BeforeAll
    static void launch() {
        assumeTrue(Chromium.isHere(), "chromium is not installed");
        chromium = new Chromium();
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void start() {
        node = TestNode.start(folder, YAML);
    }

    @AfterEach
    void stop() {
        chromium.clear();
        node.close();
    }

    private static Locator live(Page page) {
        return page.locator("weir-console .live");
    }

    @Test
    void whoHasNoTokenIsAskedForOneAndComesToWhereTheyWanted() {
        ConsolePage outside = ConsolePage.outside(chromium, node, "#/nowhere");
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
    void aTokenThatEndsIsAskedForAgainOverThePageAsItWas() throws Exception {
        ConsolePage outside = ConsolePage.outside(chromium, node, "#/overview?by=name");
        Page page = outside.page();
        ConsolePage.signIn(page, ConsolePage.token("ann", "operator", 5));
        Locator again = page.locator("dialog.again");
        assertThat(again).containsText("Your token is no longer valid");
        page.evaluate("() => { document.querySelector('weir-overview-view').same = true; }");
        outside.accessible();
        again.getByLabel("Token").fill(ConsolePage.token("ann", "operator", 600));
        again.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Sign in").setExact(true))
                .click();
        assertThat(again).hasCount(0);
        assertThat(live(page)).hasAttribute("data-state", "open");
        assertThat(page).hasURL(Pattern.compile(".*#/overview\\?by=name$"));
        org.assertj.core.api.Assertions.assertThat(
                        page.evaluate("() => document.querySelector('weir-overview-view').same"))
                .isEqualTo(true);
    }

    @Test
    void phonesHaveAMenu() {
        ConsolePage console = ConsolePage.operator(chromium, node, "");
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
        ConsolePage console = ConsolePage.operator(chromium, node, "#/overview");
        Page page = console.page();
        page.evaluate("() => { window.same = true; }");
        int port = node.port();
        node.close();
        assertThat(live(page)).hasText("Reconnecting");
        assertThat(page.locator(".banner")).containsText("how it was then");
        node = TestNode.start(folder, YAML, Map.of("WEIR_HTTP_PORT", String.valueOf(port)));
        assertThat(live(page)).hasAttribute("data-state", "open");
        assertThat(page.locator(".banner")).hasCount(0);
        org.assertj.core.api.Assertions.assertThat(page.evaluate("() => window.same"))
                .isEqualTo(true);
    }
}
