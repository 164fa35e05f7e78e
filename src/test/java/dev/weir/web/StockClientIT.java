package dev.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.weir.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official client of the Vert.x bridge from npm, unchanged, with sockjs-client in Chromium over each of its transports. */
class StockClientIT {
    private static final String POLICIES = """
            http: {webroot: web}
            addresses:
              - {match: 'chat.{room}', publish: anyone, subscribe: anyone}
              - {match: closed, publish: nobody, subscribe: nobody}
              - {match: pricing, request: anyone, respond: anyone}
              - {match: unanswered, request: anyone, respond: anyone}
            """;
    private static final String PAGE = """
            <!doctype html><title>stock</title>
            <script src="/webjars/sockjs-client/dist/sockjs.min.js"></script>
            <script src="vertx-eventbus.js"></script>
            """;
    /** Without {@code timeout} SockJS gives a transport up that needs more than half a second on a busy machine. */
    private static final String OPEN = """
            transports => new Promise((opened, failed) => {
              window.heard = [];
              window.errors = [];
              window.bus = new EventBus('/eventbus', {transports, timeout: 60000, vertxbus_ping_interval: 1000});
              bus.onerror = error => errors.push(error.body || error.failureCode || String(error));
              bus.onopen = () => opened(bus.sockJSConn.transport);
              setTimeout(() => failed(new Error('not open after 60 s')), 60000);
              bus.onclose = event => failed(new Error('closed: ' + event.code + ' ' + event.reason));
            })""";

    @TempDir
    static Path home;

    private static TestNode node;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @BeforeAll
    static void start() throws IOException {
        Npm.install(home, "@vertx/eventbus-bridge-client.js@1.0.0", "sockjs-client@1.6.1");
        Path web = Files.createDirectories(home.resolve("web"));
        Files.copy(
                home.resolve("node_modules/@vertx/eventbus-bridge-client.js/vertx-eventbus.js"),
                web.resolve("vertx-eventbus.js"));
        Files.writeString(web.resolve("index.html"), PAGE);
        node = TestNode.start(home, POLICIES);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static Page page() {
        Page page = CHROMIUM.visitor();
        page.navigate(node.url("/index.html"));
        return page;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "websocket",
                "xhr-streaming",
                "eventsource",
                "xhr-polling",
                "jsonp-polling",
                "iframe-eventsource",
                "iframe-xhr-polling"
            })
    void everyTransportCarriesEventsBothWays(String transport) {
        Page page = page();
        assertThat(page.evaluate(OPEN, List.of(transport))).isEqualTo(transport);
        page.evaluate("""
                room => {
                  bus.registerHandler(room, (error, message) => heard.push(message.body.text));
                  bus.publish(room, {text: 'first "quoted" \\u00e4\\u2028'});
                  bus.publish(room, {text: 'second'});
                }""", "chat." + transport);
        page.waitForFunction("() => heard.length === 2");
        node.vertx().eventBus().publish("chat." + transport, new JsonObject().put("text", "from a verticle"));
        page.waitForFunction("() => heard.length === 3");
        assertThat(page.evaluate("() => heard"))
                .isEqualTo(List.of("first \"quoted\" \u00e4\u2028", "second", "from a verticle"));
        assertThat(page.evaluate("() => errors")).isEqualTo(List.of());
        // What SockJS's own iframe page does for old browsers.
        assertThat(CHROMIUM.complaints()).allMatch(complaint -> complaint.startsWith("document.domain mutation"));
    }

    @Test
    void requestsAndRepliesTravelBothWays() throws Exception {
        Page answering = page();
        answering.evaluate(OPEN, List.of("websocket"));
        answering.evaluate("""
                () => bus.registerHandler('pricing', (error, message) => {
                  if (message.body === 'two steps') message.reply('more?', (failed, more) => heard.push(more.body));
                  else message.reply({price: message.body.amount * 2});
                })""");
        Page asking = page();
        asking.evaluate(OPEN, List.of("websocket"));
        asking.waitForFunction("""
                () => new Promise(done => bus.send('pricing', {amount: 21}, (error, reply) =>
                  done(!error && reply.body.price === 42)))""");
        asking.evaluate("""
                () => new Promise(done => bus.send('pricing', 'two steps', (error, reply) => {
                  reply.reply('enough');
                  done();
                }))""");
        answering.waitForFunction("() => heard[0] === 'enough'");
        CompletableFuture<Integer> verticle = new CompletableFuture<>();
        node.vertx()
                .eventBus()
                .<JsonObject>request("pricing", new JsonObject().put("amount", 4))
                .onSuccess(reply -> verticle.complete(reply.body().getInteger("price")))
                .onFailure(verticle::completeExceptionally);
        assertThat(verticle.get(60, TimeUnit.SECONDS)).isEqualTo(8);
    }

    @Test
    void refusalsAreTheErrorsTheStockClientKnows() {
        Page page = page();
        page.evaluate(OPEN, List.of("websocket"));
        page.evaluate("() => { bus.registerHandler('closed', () => {}); bus.publish('closed', 1); }");
        page.waitForFunction("() => errors.length === 2");
        assertThat(page.evaluate("() => errors")).isEqualTo(List.of("access_denied", "access_denied"));
        Object failure = page.evaluate("""
                () => new Promise(done => bus.send('unanswered', 1, error => done([error.failureType, error.failureCode])))""");
        assertThat(failure).isEqualTo(List.of("NO_HANDLERS", -1));
    }

    @Test
    void aClosedClientIsServedAgain() {
        Page page = page();
        page.evaluate(OPEN, List.of("websocket"));
        page.evaluate("""
                () => {
                  bus.enableReconnect(true);
                  bus.onclose = null;
                  bus.onopen = () => bus.registerHandler('chat.again', (error, message) => heard.push(message.body));
                  bus.onreconnect = () => bus.publish('chat.again', 'back');
                  bus.sockJSConn.close();
                }""");
        page.waitForFunction("() => heard.includes('back')");
    }
}
