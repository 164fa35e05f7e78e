package dev.weir.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The snippets that the console shows for an address do what they say, as they are. */
class UseItIT {
    private static final String CONF = """
            auth: {jwt: {secret: "%s"}}
            http: {webroot: pages}
            addresses:
              - {match: "shop.{what}", publish: signed-in, subscribe: signed-in, history: signed-in, keep: {events: 100}}
              - {match: open, publish: anyone, subscribe: anyone}
              - {match: pricing, request: signed-in}
            """.formatted(Tokens.SECRET);

    private static final String TOKEN = Tokens.hs256(Tokens.claims("ann", 3600));

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    static Path home;

    private static TestNode node;
    private static Path pages;

    private final List<Process> running = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Tool.isHere("node"), "node is not installed");
        pages = Files.createDirectory(home.resolve("pages"));
        node = TestNode.start(home, CONF);
        node.vertx().eventBus().consumer("pricing", request -> request.reply(new JsonObject().put("price", 42)));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @AfterEach
    void end() {
        running.forEach(Process::destroyForcibly);
    }

    private static JsonObject place(String address, String kind, boolean kept, JsonObject needs) {
        return new JsonObject()
                .put("address", address)
                .put("origin", node.url(""))
                .put("isPattern", false)
                .put("isDeclared", true)
                .put("kind", kind)
                .put("isKept", kept)
                .put("needs", needs);
    }

    /** The snippets of the console's own module, by their ids. */
    private static Map<String, String> snippets(JsonObject place) throws IOException {
        String program = "import(process.argv[1]).then(({ snippetsOf }) =>"
                + " console.log(JSON.stringify(snippetsOf(JSON.parse(process.argv[2])))))";
        // In a browser the page says that it is a module, here the name of the file does.
        Path copy = Files.copy(
                Path.of("webroot/console/shared/snippets.js"),
                home.resolve("snippets.mjs"),
                StandardCopyOption.REPLACE_EXISTING);
        Tool made = Tool.run(home, List.of("node", "-e", program, copy.toUri().toString(), place.encode()));
        assertThat(made.exit()).as(made.output()).isZero();
        Map<String, String> byId = new HashMap<>();
        new JsonArray(made.output())
                .forEach(each -> byId.put(((JsonObject) each).getString("id"), ((JsonObject) each).getString("code")));
        return byId;
    }

    private static JsonObject all(String need) {
        return new JsonObject().put("publish", need).put("subscribe", need).put("history", need);
    }

    /** Starts a command; the file gets what it says. */
    private Path begin(String... command) throws IOException {
        Path said = Files.createTempFile(home, "said", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.directory(home.toFile()).environment().put("WEIR_TOKEN", TOKEN);
        running.add(builder.start());
        return said;
    }

    private void says(String expected, String... command) throws IOException {
        Path said = begin(command);
        await().untilAsserted(() -> assertThat(Files.readString(said)).contains(expected));
    }

    @Test
    void curlPublishesListensAndReadsHistoryWithAToken() throws IOException {
        Map<String, String> shop = snippets(place("shop.orders", "events", true, all("token")));
        assertThat(shop.keySet())
                .contains("browser", "java", "curl-publish", "curl-stream", "curl-history", "stock", "script");
        says("\"offset\":", "bash", "-c", shop.get("curl-publish"));
        says("{\"hello\":\"world\"}", "bash", "-c", shop.get("curl-history"));
        Path stream = begin("bash", "-c", shop.get("curl-stream"));
        await("a stream begins with what comes next").untilAsserted(() -> {
            Tool.run(home, List.of("bash", "-c", "WEIR_TOKEN=" + TOKEN + "; " + shop.get("curl-publish")));
            assertThat(Files.readString(stream)).contains("\"hello\":\"world\"");
        });
    }

    @Test
    void whatIsOpenTakesNoTokenAndWhatIsAskedAnswers() throws IOException {
        Map<String, String> open = snippets(place("open", "events", false, all("nothing")));
        assertThat(open.get("curl-publish")).doesNotContain("authorization");
        assertThat(open).doesNotContainKey("curl-history");
        says("\"id\":", "bash", "-c", open.get("curl-publish"));
        Map<String, String> pricing = snippets(place(
                "pricing",
                "requests",
                false,
                new JsonObject().put("request", "token").put("respond", "never")));
        assertThat(pricing).doesNotContainKeys("curl-publish", "curl-stream");
        says("\"price\":42", "bash", "-c", pricing.get("curl-request"));
    }

    @Test
    void theBrowserHearsWhatItEmits() throws IOException {
        String token =
                snippets(place("shop.browser", "events", true, all("token"))).get("browser");
        String asks = snippets(place("pricing", "requests", false, new JsonObject().put("request", "token")))
                .get("browser");
        assertThat(consoleOf(token, "message")).contains("world");
        assertThat(consoleOf(asks, "price")).contains("42");
    }

    /** What a page says that has a snippet beside it, as its note wants it. */
    private static String consoleOf(String snippet, String expected) throws IOException {
        Files.writeString(pages.resolve("mine.js"), snippet.replace("YOUR_TOKEN", TOKEN));
        Files.writeString(
                pages.resolve("mine.html"),
                "<!doctype html><title>Mine</title><link rel=icon href=data:,>"
                        + "<script type=\"module\" src=\"/mine.js\"></script>");
        Page page = CHROMIUM.visitor();
        List<String> said = new CopyOnWriteArrayList<>();
        page.onConsoleMessage(message -> said.add(message.text()));
        page.navigate(node.url("/mine.html"));
        try {
            page.waitForCondition(() -> said.stream().anyMatch(line -> line.contains(expected)));
        } catch (TimeoutError late) {
            throw new AssertionError("the page said only " + said, late);
        }
        assertThat(CHROMIUM.complaints()).isEmpty();
        return String.join("\n", said);
    }

    @Test
    void theStockClientHearsWhatItPublishes() throws IOException {
        Npm.install(home, "@vertx/eventbus-bridge-client.js@1.0.0", "sockjs-client@1.6.1");
        String shop =
                snippets(place("shop.stock", "events", true, all("token"))).get("stock");
        Files.writeString(home.resolve("shop.js"), shop.replace("YOUR_TOKEN", TOKEN));
        says("hello: 'world'", "node", "shop.js");
        String open = snippets(place("open", "events", false, all("nothing"))).get("stock");
        Files.writeString(home.resolve("open.js"), open);
        says("hello: 'world'", "node", "open.js");
        String pricing = snippets(place("pricing", "requests", false, new JsonObject().put("request", "token")))
                .get("stock");
        Files.writeString(home.resolve("pricing.js"), pricing.replace("YOUR_TOKEN", TOKEN));
        says("price: 42", "node", "pricing.js");
    }

    @Test
    void aVerticleRunsAsItIs(@TempDir Path own) throws IOException {
        String script =
                snippets(place("shop.verticle", "events", true, all("token"))).get("script");
        Files.writeString(own.resolve("verticle.js"), script);
        String conf = CONF + "verticles:\n  - {deploy: \"js:verticle.js\"}\n";
        try (TestNode with = TestNode.start(own, conf)) {
            String history = with.url("/v1/addresses/shop.verticle/events");
            await().untilAsserted(() -> assertThat(
                            Tool.run(own, List.of("curl", "-s", "-H", "authorization: Bearer " + TOKEN, history))
                                    .output())
                    .contains("{\"hello\":\"world\"}"));
        }
    }

    @Test
    void whatNobodyMayDoIsLeftOut() throws IOException {
        JsonObject never = new JsonObject()
                .put("publish", "never")
                .put("subscribe", "token")
                .put("history", "never");
        Map<String, String> closed = snippets(place("closed", "events", true, never));
        assertThat(closed.get("browser")).doesNotContain("emit('message'").contains(".on('*'");
        assertThat(closed).doesNotContainKeys("curl-publish", "curl-history");
        JsonObject odd = place("it's <b>odd</b> \" \\ $(id)", "events", false, new JsonObject())
                .put("isDeclared", false);
        assertThat(snippets(odd)).containsOnlyKeys("java");
        assertThat(snippets(odd).get("java")).contains("consumer(\"it's <b>odd</b> \\\" \\\\ $(id)\", message");
        assertThat(snippets(odd.put("address", "private.work"))).containsOnlyKeys("java", "policy");
    }
}
