package dev.weir.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import dev.weir.TestNode;
import dev.weir.web.Chromium;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The record of what was done: what is kept, what comes, and what is chosen of it. */
class AuditViewIT {
    private static final String KEPT = ConsolePage.AUTH + ConsolePage.WEBROOT
            + "addresses: [{match: orders, publish: anyone, keep: {events: 10}}]\n";
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    private int act(TestNode node, String sub, String role, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url(path)))
                .header("authorization", "Bearer " + ConsolePage.token(sub, role, 600))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static Locator rows(Page page) {
        return page.locator("weir-audit-view weir-rows .sight .row");
    }

    @Test
    void whatIsKeptAndWhatComesIsShownAndFiltered() throws Exception {
        try (TestNode node = TestNode.start(folder, KEPT)) {
            Assertions.assertThat(act(node, "ann", "operator", "DELETE", "/v1/sessions?sub=bob"))
                    .isEqualTo(200);
            Assertions.assertThat(act(node, "vic", "viewer", "POST", "/v1/config/reload"))
                    .isEqualTo(403);
            ConsolePage console = ConsolePage.viewer(CHROMIUM, node, "#/audit");
            Page page = console.page();
            assertThat(rows(page)).hasCount(2);
            String hostile = URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8);
            act(node, HOSTILE, "operator", "DELETE", "/v1/sessions?sub=" + hostile);
            assertThat(rows(page)).hasCount(3);
            assertThat(rows(page).first()).containsText("sub " + HOSTILE + ", closed 0");
            assertThat(page.locator("weir-audit-view img")).hasCount(0);
            assertThat(rows(page).nth(1)).containsText("a token with the role operator is needed");
            assertThat(rows(page).nth(1)).containsText("refused");
            rows(page).nth(1).click();
            Locator chosen = page.getByLabel("The chosen entry");
            assertThat(chosen).containsText(Pattern.compile("Who\\s*vic"));
            assertThat(chosen).containsText("127.0.0.1, over HTTP");
            console.screens("audit");
            page.getByLabel("Who, or from where").fill("ANN");
            assertThat(rows(page)).hasCount(1);
            page.getByLabel("Who, or from where").fill("");
            page.getByLabel("Action").selectOption(new SelectOption().setLabel("sessions.closed"));
            assertThat(rows(page)).hasCount(2);
            page.getByLabel("Outcome").selectOption("refused");
            assertThat(page.locator("weir-audit-view")).containsText("Nothing matches");
            page.navigate(node.url("/console/#/audit?who=vic"));
            page.getByLabel("Action").selectOption("");
            page.getByLabel("Outcome").selectOption("");
            page.getByLabel("Since").selectOption("90");
            assertThat(rows(page)).hasCount(1);
            console.noComplaints();
        }
    }

    @Test
    void aNodeThatKeepsNothingShowsWhatComesAndSaysSo() throws Exception {
        try (TestNode node = TestNode.start(folder, ConsolePage.AUTH + ConsolePage.WEBROOT)) {
            act(node, "ann", "operator", "DELETE", "/v1/sessions?sub=bob");
            Page page = ConsolePage.operator(CHROMIUM, node, "#/audit").page();
            assertThat(page.locator("weir-audit-view")).containsText("Nothing of this is kept");
            assertThat(page.locator("weir-audit-view")).containsText("Nobody has done anything");
            act(node, "ann", "operator", "DELETE", "/v1/sessions?sub=eve");
            assertThat(rows(page)).hasCount(1);
            assertThat(rows(page)).containsText("sub eve");
        }
    }
}
