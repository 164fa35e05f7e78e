package dev.weir.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.web.Chromium;
import io.vertx.core.Deployable;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** docs/from-socketio.md is one program: its configuration, its verticle and its browser code run together and print what it says. */
class FromSocketIoIT {
    private static final Path PAGE = Path.of("docs/from-socketio.md");
    private static final Pattern PRINTS = Pattern.compile("// prints \"(.*)\"");

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private Path home;

    private static List<String> blocks(String language) throws IOException {
        return Markdown.code(PAGE).stream()
                .filter(code -> code.info().equals(language))
                .map(Markdown.Code::text)
                .toList();
    }

    private Deployable verticle() throws Exception {
        Path source = Files.createDirectories(home.resolve("page")).resolve("Game.java");
        Files.writeString(
                source,
                "package page;\n" + SnippetsTest.IMPORTS + blocks("java").get(0));
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", home.toString(), source.toString());
        assertThat(compiled).isZero();
        URLClassLoader loader =
                new URLClassLoader(new URL[] {home.toUri().toURL()}, getClass().getClassLoader());
        return (Deployable) loader.loadClass("page.Game").getConstructor().newInstance();
    }

    @Test
    void thePageRunsAsItStands() throws Exception {
        String yaml = blocks("yaml").get(0).replaceFirst("secret: '[^']*'", "secret: '" + Tokens.SECRET + "'");
        String webroot = "http: {webroot: \"" + Path.of("webroot").toAbsolutePath() + "\"}\n";
        String program = String.join("", blocks("js"));
        try (TestNode node = TestNode.start(home, webroot + yaml)) {
            node.vertx().deployVerticle(verticle()).await(60, TimeUnit.SECONDS);
            Page page = CHROMIUM.visitor();
            page.addInitScript(
                    "window.printed = []; console.log = (...words) => printed.push(words.join(' '));"
                            + "window.sockets = []; const Own = WebSocket;"
                            + "window.WebSocket = class extends Own { constructor(...a) { super(...a); sockets.push(this); } };");
            page.navigate(node.url("/client/package.json"));
            page.evaluate("token => localStorage.setItem('token', token)", Tokens.hs256(Tokens.claims("ann", 3600)));
            page.evaluate("async () => {"
                    + program.replaceAll("import (\\{.*\\}) from ('.*');", "const $1 = await import($2);") + "}");
            List<String> promised =
                    PRINTS.matcher(program).results().map(line -> line.group(1)).toList();
            assertThat(promised).hasSizeGreaterThan(9);
            promised.forEach(line -> prints(page, line));
            assertThat(printed(page)).doesNotContain("Ann is typing");

            page.evaluate("() => sockets.forEach(socket => socket.close(3000))");
            publish(node, "while you were away");
            prints(page, "nothing was missed");
            prints(page, "said: while you were away");
            assertThat(printed(page))
                    .filteredOn(line -> line.startsWith("said: "))
                    .containsExactly("said: good morning", "said: is it kept?", "said: while you were away");
        }
    }

    private static void prints(Page page, String line) {
        page.waitForFunction(
                "line => printed.includes(line)", line, new Page.WaitForFunctionOptions().setTimeout(30_000));
    }

    private static List<String> printed(Page page) {
        return ((List<?>) page.evaluate("() => printed"))
                .stream().map(String::valueOf).toList();
    }

    /** As the page does it with curl. */
    private static void publish(TestNode node, String text) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/chat.lobby/events?type=said")))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("\"" + text + "\""))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(201);
    }
}
