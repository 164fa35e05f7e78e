package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.ScreenshotAnimations;
import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.web.Chromium;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;

/**
 * The console of a node in Chromium, as somebody who is signed in sees it. The node needs {@link #AUTH} and {@link #WEBROOT} in
 * its configuration.
 */
public final class ConsolePage {
    /** Lines of the configuration: tokens made by {@link Tokens} count. */
    public static final String AUTH = "auth: {jwt: {secret: '" + Tokens.SECRET + "'}}\n";

    /** Lines of the configuration: the pages of this work tree. */
    public static final String WEBROOT =
            "http: {webroot: \"" + Path.of("webroot").toAbsolutePath() + "\"}\n";

    /** Where pictures for people to look at are left. */
    private static final Path SCREENS = Path.of("target/screens");

    private static final int[] WIDTHS = {1280, 375};
    private static final int HEIGHT = 900;

    private final Chromium chromium;
    private final Page page;

    private ConsolePage(Chromium chromium, Page page) {
        this.chromium = chromium;
        this.page = page;
    }

    /** Opens the console, at a route such as {@code #/overview}, in a browser of its own, signed in as an operator. */
    public static ConsolePage operator(Chromium chromium, TestNode node, String route) {
        return open(chromium, node.url("/console/" + route), "ann", "operator");
    }

    /** The same for somebody who only looks. */
    public static ConsolePage viewer(Chromium chromium, TestNode node, String route) {
        return open(chromium, node.url("/console/" + route), "vic", "viewer");
    }

    /** Opens the console at a URL of any node and signs in. */
    public static ConsolePage open(Chromium chromium, String url, String sub, String role) {
        Page page = chromium.visitor(new Browser.NewContextOptions().setViewportSize(WIDTHS[0], HEIGHT));
        page.navigate(url);
        signIn(page, token(sub, role, 3600));
        assertThat(page.locator("weir-console .live")).hasAttribute("data-state", "open");
        return new ConsolePage(chromium, page);
    }

    /** Shows the page that asks for it a token. */
    public static void signIn(Page page, String token) {
        page.getByLabel("Token").fill(token);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
    }

    /** The console before anybody has signed in. */
    public static ConsolePage outside(Chromium chromium, TestNode node, String route) {
        Page page = chromium.visitor(new Browser.NewContextOptions().setViewportSize(WIDTHS[0], HEIGHT));
        page.navigate(node.url("/console/" + route));
        return new ConsolePage(chromium, page);
    }

    /** A token as the node takes it. */
    public static String token(String sub, String role, long seconds) {
        return Tokens.hs256(Tokens.claims(sub, seconds).put("roles", new JsonArray().add(role)));
    }

    /** Playwright's page. */
    public Page page() {
        return page;
    }

    /** Fails when the console of any page so far had errors or warnings, violations of the content security policy among them. */
    public void noComplaints() {
        Assertions.assertThat(chromium.complaints()).isEmpty();
    }

    /** Runs axe on the page as it is; fails on what it calls serious or critical. */
    public void accessible() {
        page.evaluate(axe());
        Object faults = page.evaluate("""
                async () => {
                  const found = await axe.run(document, {resultTypes: ['violations'], iframes: false});
                  return found.violations.filter(({impact}) => impact === 'serious' || impact === 'critical')
                    .map(({id, help, nodes}) => `${id}: ${help}: ${nodes.slice(0, 3).map(each => each.html + ' ' + (each.any[0]?.message ?? '')).join(' | ')}`);
                }""");
        Assertions.assertThat((List<?>) faults).as("faults that axe found").isEmpty();
    }

    /**
     * Looks at the page, light and dark, for faults that axe finds, and makes sure that it is not wider than the window, be that of a
     * desk or of a phone. Leaves {@code target/screens/console-<name>-<light|dark>-<width>.png}.
     */
    public void screens(String name) {
        page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        for (String theme : List.of("light", "dark")) {
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme);
            for (int width : WIDTHS) {
                page.setViewportSize(width, HEIGHT);
                page.screenshot(new Page.ScreenshotOptions()
                        .setAnimations(ScreenshotAnimations.DISABLED)
                        .setPath(SCREENS.resolve("console-" + name + "-" + theme + "-" + width + ".png")));
                Assertions.assertThat((int) page.evaluate("() => document.documentElement.scrollWidth"))
                        .as("width of the page at " + width)
                        .isLessThanOrEqualTo(width);
            }
            accessible();
        }
        page.setViewportSize(WIDTHS[0], HEIGHT);
    }

    private static String axe() {
        try (InputStream script = ConsolePage.class.getClassLoader().getResourceAsStream("axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
