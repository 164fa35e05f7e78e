package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.weir.ConsoleUsers;
import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.web.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Signing in to the console by password, by the link for the first operator, and out again. */
class SignInIT {
    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    Path folder;

    private static void submit(Page page, String name, String password) {
        page.getByLabel("Name").fill(name);
        page.getByLabel("Password").fill(password);
        button(page, "Sign in").click();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void byNameAndPasswordAndOutAgain() throws Exception {
        Path conf = folder.resolve("conf/weir.yaml");
        try (TestNode node = TestNode.start(folder, ConsoleUsers.yaml() + ConsolePage.WEBROOT)) {
            ConsolePage outside = ConsolePage.outside(CHROMIUM, node, "#/audit");
            Page page = outside.page();
            assertThat(page.getByLabel("Name")).isVisible();
            outside.screens("sign-in-password");
            outside.noComplaints();
            submit(page, "vic", "not vic's");
            assertThat(page.getByRole(AriaRole.ALERT)).hasText("The name or the password is wrong.");
            assertThat(page.getByLabel("Password")).hasValue("");
            submit(page, "vic", ConsoleUsers.VICS);
            assertThat(page.locator(".who")).hasText(Pattern.compile("vic\\s+viewer"));
            assertThat(page).hasURL(Pattern.compile(".*#/audit$"));
            page.reload();
            assertThat(page.locator(".who")).hasText(Pattern.compile("vic\\s+viewer"));
            page.getByLabel("Sign out").click();
            assertThat(page.getByLabel("Name")).isVisible();
            Assertions.assertThat(page.evaluate("() => sessionStorage.length")).isEqualTo(0);
            page.reload();
            submit(page, "ann", ConsoleUsers.ANNS);
            assertThat(page.locator(".who")).hasText(Pattern.compile("ann\\s+operator"));
            Files.writeString(conf, ConsoleUsers.yamlWithoutAnn() + ConsolePage.WEBROOT);
            node.reload();
            page.reload();
            assertThat(page.getByLabel("Name")).isVisible();
        }
    }

    @Test
    void byATokenWhereBothAreTaken() {
        String both = ConsoleUsers.yaml().replace("auth: {", "auth: {jwt: {secret: '" + Tokens.SECRET + "'}, ");
        try (TestNode node = TestNode.start(folder, both + ConsolePage.WEBROOT)) {
            Page page = ConsolePage.outside(CHROMIUM, node, "").page();
            button(page, "Use a token instead").click();
            assertThat(page.getByLabel("Token")).isFocused();
            button(page, "Use a name and a password").click();
            button(page, "Use a token instead").click();
            ConsolePage.signIn(page, ConsolePage.token("olga", "operator", 600));
            assertThat(page.locator(".who")).hasText(Pattern.compile("olga\\s+operator"));
        }
    }

    @Test
    void theFirstOperatorByALinkThatWorksOnce() {
        try (TestNode node = TestNode.start(folder, ConsolePage.WEBROOT)) {
            ConsolePage outside = ConsolePage.outside(CHROMIUM, node, "");
            assertThat(outside.page().locator("main")).containsText("Nobody is an operator of this node yet");
            outside.accessible();
            outside.noComplaints();
            String link = "#code=" + node.consoleCode().orElseThrow();
            // In a tab that shows the console already only the hash changes.
            outside.page().navigate(node.url("/console/" + link));
            assertThat(outside.page().locator(".who")).hasText(Pattern.compile("first-operator\\s+operator"));
            assertThat(outside.page()).hasURL(node.url("/console/#/overview"));
            assertThat(outside.page().locator("weir-overview-view")).isVisible();
            Page second = ConsolePage.outside(CHROMIUM, node, link).page();
            assertThat(second.getByRole(AriaRole.ALERT)).containsText("The link was used before");
            assertThat(second).hasURL(node.url("/console/#/overview"));
            Page third = ConsolePage.outside(
                            CHROMIUM, node, "#code=" + node.consoleCode().orElseThrow())
                    .page();
            assertThat(third.locator(".who")).hasText(Pattern.compile("first-operator\\s+operator"));
            third.goBack();
            Assertions.assertThat(third.url()).doesNotContain("code=");
        }
    }
}
