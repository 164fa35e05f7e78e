package dev.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.weir.TestNode;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** weir.js in Chromium against a node. */
class ClientIT {
    private static final String POLICIES = """
            http: {webroot: "%s", origins: ['*']}
            addresses:
              - {match: 'orders.{region}', publish: anyone, subscribe: anyone}
              - {match: 'closed', publish: nobody, subscribe: nobody}
              - {match: 'pricing', request: anyone, respond: anyone}
              - {match: 'unanswered', request: anyone, respond: anyone}
            """;

    @TempDir
    static Path folder;

    private static TestNode node;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @BeforeAll
    static void start() {
        node = startNode("one", Map.of());
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void eventsComeBackThroughTheServerInOrder() {
        Object heard = run("""
                const orders = connection.emitter('orders.eu');
                const heard = [];
                const all = new Promise(resolve => orders.on('placed', (data, event) => {
                  heard.push([data.n, event.subject]);
                  if (heard.length === 100) resolve();
                }));
                await orders.ready();
                const receipts = [];
                for (let n = 0; n < 100; n++) receipts.push(orders.emit('placed', {n}, {key: 'c' + n, id: 'e' + n}));
                const ids = (await Promise.all(receipts)).map(({id}) => id);
                await all;
                return heard.every(([n, key], i) => n === i && key === 'c' + i) && ids.every((id, i) => id === 'e' + i);
                """);
        assertThat(heard).isEqualTo(true);
    }

    @Test
    void aVerticleIsHeardAndBytesStayBytes() {
        Page page = page();
        page.evaluate("""
                async () => {
                  const {connect} = await import('/client/weir.js');
                  window.heard = [];
                  window.orders = connect().emitter('orders.us').on('*', (data, event) => heard.push([event.type, data]));
                  await orders.ready();
                }""");
        var bus = node.vertx().eventBus();
        bus.publish(
                "orders.us", new JsonObject().put("amount", 3), new DeliveryOptions().addHeader("ce-type", "placed"));
        bus.publish("orders.us", "no type");
        page.evaluate("() => orders.emit('bytes', Uint8Array.from([0, 127, 128, 250, 251, 255]))");
        page.waitForFunction("() => heard.length === 3");
        assertThat(
                        page.evaluate(
                                "() => heard.map(([type, data]) => type + ' ' + (data instanceof Uint8Array ? 'bytes ' + [...data] : JSON.stringify(data)))"))
                .isEqualTo(
                        List.of("placed {\"amount\":3}", "message \"no type\"", "bytes bytes 0,127,128,250,251,255"));
        page.close();
    }

    @Test
    void refusalsReachWhoAwaitsThemOrTheErrorListeners() {
        Object codes = run("""
                const closed = connection.emitter('closed');
                const errors = [];
                closed.on('error', error => errors.push(error.code)).on('x', () => {});
                const codes = [await closed.ready().catch(error => error.code)];
                codes.push(await closed.emit('x', 1).catch(error => error.code));
                codes.push(await closed.emit('error', 1).catch(error => error.code));
                codes.push(await connection.emitter('nowhere').emit('x').catch(error => error.code));
                codes.push(await connection.request('unanswered', 1).catch(error => error.code));
                closed.emit('x', 2);
                const [last] = await Promise.all([new Promise(resolve => closed.on('error', error => resolve(error.code)))]);
                return [...codes, last, errors.length];
                """);
        assertThat(codes)
                .isEqualTo(List.of(
                        "access_denied",
                        "access_denied",
                        "reserved_type",
                        "unknown_address",
                        "no_handlers",
                        "access_denied",
                        2));
    }

    @Test
    void oneBrowserAsksAnotherAnswers() {
        Page answering = page();
        answering.evaluate("""
                async () => {
                  const {connect} = await import('/client/weir.js');
                  const pricing = connect().emitter('pricing').on('message', (data, event) => event.reply({price: data.n * 2}));
                  await pricing.ready();
                }""");
        assertThat(run("return (await connection.request('pricing', {n: 21})).price;"))
                .isEqualTo(42);
        answering.close();
    }

    @Test
    void asyncIterationAndOnce() {
        Object seen = run("""
                const orders = connection.emitter('orders.asia');
                const seen = [];
                const reading = (async () => {
                  for await (const event of orders.events('placed')) if (seen.push(event.data) === 3) return;
                })();
                const cancelled = orders.once('cancelled');
                await orders.ready();
                for (const n of [1, 2, 3]) await orders.emit('placed', n);
                await orders.emit('cancelled', 'no');
                await reading;
                return [...seen, (await cancelled).data, orders.eventNames().length];
                """);
        assertThat(seen).isEqualTo(List.of(1, 2, 3, "no", 0));
    }

    @Test
    void aLostNodeIsReplacedByTheNextAndListenersAreHeardAgain() {
        TestNode second = startNode("two", Map.of());
        Page page = page();
        page.evaluate("""
                async urls => {
                  const {connect} = await import('/client/weir.js');
                  window.log = [];
                  window.connection = connect({urls, backoff: {min: 20, max: 200}});
                  for (const type of ['connect', 'disconnect', 'reconnect']) connection.on(type, () => log.push(type));
                  window.orders = connection.emitter('orders.eu').on('placed', data => log.push(data));
                  orders.on('recovered', ({recovered}) => log.push('recovered ' + recovered));
                  await orders.ready();
                }""", List.of(second.url("/"), node.url("/")));
        second.close();
        page.waitForFunction("() => log.includes('reconnect')");
        page.evaluate("async () => { await orders.ready(); await orders.emit('placed', 'again'); }");
        page.waitForFunction("() => log.includes('again')");
        assertThat(page.evaluate("() => log"))
                .isEqualTo(List.of("connect", "disconnect", "reconnect", "recovered false", "again"));
        page.close();
    }

    @Test
    void sockJsIsTheFallbackWhereAWebSocketDoesNotOpen() {
        Page page = page();
        page.addScriptTag(new Page.AddScriptTagOptions().setUrl("/webjars/sockjs-client/dist/sockjs.min.js"));
        Object transport = page.evaluate("""
                async () => {
                  const {connect} = await import('/client/weir.js');
                  class Broken { constructor() { queueMicrotask(() => this.onclose({code: 1006})); } close() {} }
                  const connection = connect({SockJS, WebSocket: Broken});
                  const orders = connection.emitter('orders.eu');
                  const next = orders.once('placed');
                  await orders.ready();
                  await orders.emit('placed', 5);
                  return [connection.transport, (await next).data];
                }""");
        assertThat(transport).isEqualTo(List.of("sockjs", 5));
        page.close();
    }

    @Test
    void latencyIsMeasured() {
        assertThat(
                        run(
                                "return await new Promise(resolve => connection.on('latency', millis => resolve(millis >= 0)));"))
                .isEqualTo(true);
    }

    /** Runs the body of an async function that has a connection. */
    private static Object run(String body) {
        Page page = page();
        try {
            return page.evaluate("async () => { const {connect} = await import('/client/weir.js');"
                    + " const connection = connect(); try {" + body + "} finally { connection.close(); } }");
        } finally {
            page.close();
        }
    }

    private static Page page() {
        Page page = CHROMIUM.visitor();
        page.navigate(node.url("/client/package.json"));
        return page;
    }

    private static TestNode startNode(String name, Map<String, String> env) {
        String webroot = Path.of("webroot").toAbsolutePath().toString();
        return TestNode.start(folder.resolve(name), POLICIES.formatted(webroot), env);
    }
}
