package dev.weir.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpServer;
import dev.weir.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The README's tour, from the first event to the replay of a dead letter, with its own command, demo and console. */
class TourIT {
    private static final Path HERE = Path.of("");
    private static final Pattern LINK = Pattern.compile("console {4}(http://\\S+#code=\\S+)");
    private static final Pattern COMMAND = Pattern.compile("scripts/weir publish inputs\\.prices .*");
    /** A program that runs for a second need not be optimised for a day. */
    private static final String BRIEFLY = "-XX:TieredStopAtLevel=1";

    private static final int SERVICE_PORT = 9000;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private Path data;

    @Test
    void fromTheFirstEventToTheReplayOfADeadLetter() throws IOException {
        Program.useBuiltJar();
        Map<String, String> env =
                Map.of("WEIR_HTTP_PORT", "0", "WEIR_JOURNAL_PATH", data.toString(), "WEIR_OPTS", "-Xmx256m " + BRIEFLY);
        try (Program node = Program.shell(HERE, env, "scripts/weir")) {
            String url = node.ready();
            Page console = CHROMIUM.visitor();
            console.navigate(found(LINK, node.output()).group(1));
            assertThat(console.locator("weir-console .live")).hasAttribute("data-state", "open");
            assertThat(console.url()).doesNotContain("code");
            console.evaluate("() => { location.hash = '#/dead-letters'; }");
            publishAsTheReadmeSays(url);
            Locator dead =
                    console.locator("weir-rows").getByText("flow.prices call").first();
            dead.click();
            assertThat(console.locator("weir-letter")).containsText("i-1");
            replay(console, url);
            assertThat(CHROMIUM.complaints()).isEmpty();
        }
    }

    private static void publishAsTheReadmeSays(String url) throws IOException {
        String command = found(COMMAND, Files.readString(Path.of("README.md"))).group();
        try (Program publish = Program.shell(HERE, Map.of("WEIR_URL", url, "WEIR_OPTS", BRIEFLY), command)) {
            assertThat(publish.exit()).as(publish.output()).isZero();
        }
    }

    /** With the service running, the event that died is answered. */
    private static void replay(Page console, String url) throws IOException {
        HttpServer service = service();
        try (Program tail = Program.shell(
                HERE, Map.of("WEIR_URL", url, "WEIR_OPTS", BRIEFLY), "exec scripts/weir tail results.prices")) {
            console.waitForCondition(() -> listens(console));
            console.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Replay").setExact(true))
                    .click();
            tail.says(said -> said.contains("12.5"));
        } finally {
            service.stop(0);
        }
    }

    /** Whether the command hears the address by now. */
    private static boolean listens(Page console) {
        return (int) console.evaluate("""
                async () => {
                  const {token} = JSON.parse(sessionStorage.getItem('weir.console'));
                  const answer = await fetch('/v1/addresses/results.prices', {headers: {authorization: `Bearer ${token}`}});
                  return (await answer.json()).listeners;
                }""") > 0;
    }

    /** The service of the demo, one that is not down half of the time. */
    private static HttpServer service() throws IOException {
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), SERVICE_PORT);
        HttpServer service = HttpServer.create(here, 0);
        service.createContext("/prices/", exchange -> {
            byte[] price = "{\"price\": 12.5}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, price.length);
            exchange.getResponseBody().write(price);
            exchange.close();
        });
        service.start();
        return service;
    }

    private static MatchResult found(Pattern what, String text) {
        return what.matcher(text)
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + what + " in " + text));
    }
}
