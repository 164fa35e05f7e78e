package dev.weir.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.event.Event;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The emitter of Java: inside a node, and beside one on a bus of its own. */
class EmitterTest {
    private static final String YAML = """
            addresses:
              - {match: 'orders.{region}', publish: anyone, subscribe: anyone, max-size: 200B}
              - {match: pricing, request: anyone, respond: anyone}
            """;

    private static TestNode node;

    @BeforeAll
    static void start(@TempDir Path home) {
        node = TestNode.start(home, YAML);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** Runs a step on a context, as a verticle would, and waits for what it promises. */
    private static <T> T on(Vertx vertx, Function<Vertx, Future<T>> step) throws Exception {
        io.vertx.core.Promise<T> done = io.vertx.core.Promise.promise();
        vertx.runOnContext(go -> {
            try {
                step.apply(vertx).onComplete(done);
            } catch (RuntimeException thrown) {
                done.fail(thrown);
            }
        });
        return done.future().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void eventsComeBackInOrderWithTheirKeysAndTypes() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        on(node.vertx(), vertx -> {
            Emitter orders = Emitter.of(vertx, "orders.order");
            orders.on(
                    "placed",
                    (JsonObject data, Event event) ->
                            heard.add(event.subject() + data.getInteger("n") + event.extension("tier")));
            orders.on(Emitter.ALL, (data, event) -> heard.add("*" + event.type()));
            return orders.ready().compose(ready -> {
                orders.emit(
                        "placed",
                        new JsonObject().put("n", 1),
                        EmitOptions.key("k").with("tier", "gold"));
                return orders.emit("paid", 3, EmitOptions.NONE.withId("mine"));
            });
        });
        await().untilAsserted(() -> assertThat(heard).containsExactly("k1gold", "*placed", "*paid"));
    }

    @Test
    void browsersHearEmittersAndEmittersHearBrowsers() throws Exception {
        List<Object> heard = new CopyOnWriteArrayList<>();
        try (var browser = BridgeClient.connect(node.port())) {
            browser.register("orders.web");
            Emitter orders = on(node.vertx(), vertx -> {
                Emitter made = Emitter.of(vertx, "orders.web")
                        .on("bytes", (Buffer data, Event event) -> heard.add(data.length()));
                return made.ready().map(ready -> made);
            });
            browser.send(BridgeClient.frame("publish", "orders.web")
                    .put("headers", new JsonObject().put("ce-type", "bytes").put("ce-datacontenttype", "x/y"))
                    .put("body", new JsonObject().put("data_base64", "AAEC")));
            await().untilAsserted(() -> assertThat(heard).hasSize(1));
            assertThat(browser.next().getString("type")).isEqualTo("rec");
            on(node.vertx(), vertx -> orders.emit("placed", "from a verticle"));
            assertThat(browser.next().getString("body")).isEqualTo("from a verticle");
        }
    }

    @Test
    void aRefusalIsAwaitedOrGoesToTheErrorListeners() throws Exception {
        List<Object> errors = new CopyOnWriteArrayList<>();
        Throwable awaited = on(node.vertx(), vertx -> {
            Emitter orders = Emitter.of(vertx, "orders.refused")
                    .on(
                            "error",
                            (Refusal refusal, Event event) -> errors.add(refusal == null ? "none" : refusal.code()));
            Emitter nowhere = Emitter.of(vertx, "nowhere")
                    .on(
                            "error",
                            (Refusal refusal, Event event) -> errors.add(refusal == null ? "none" : refusal.code()));
            orders.emit("disconnect");
            nowhere.emit("x");
            return orders.emit("large", "x".repeat(300)).transform(done -> Future.succeededFuture(done.cause()));
        });
        assertThat(((Refusal) awaited).code()).isEqualTo(FailureCode.TOO_LARGE);
        await().untilAsserted(() ->
                assertThat(errors).containsExactlyInAnyOrder(FailureCode.RESERVED_TYPE, FailureCode.UNKNOWN_ADDRESS));
    }

    @Test
    void listenersAreThoseOfNode() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        List<String> order = new ArrayList<>();
        on(node.vertx(), vertx -> {
            Emitter orders = Emitter.of(vertx, "orders.local");
            orders.on("newListener", (data, event) -> told.add("new " + data));
            orders.on("removeListener", (data, event) -> told.add("removed " + data));
            Listener<Object> second = (data, event) -> order.add("second");
            orders.once("a", (data, event) -> order.add("once"))
                    .on("a", second)
                    .prependListener("a", (data, event) -> order.add("first"))
                    .on("a", (data, event) -> {
                        throw new IllegalStateException("only mine");
                    })
                    .on("error", (Throwable thrown, Event event) -> order.add(String.valueOf(thrown.getMessage())));
            assertThat(orders.listenerCount("a")).isEqualTo(4);
            assertThat(orders.eventNames()).containsExactly("newListener", "removeListener", "a", "error");
            Future<Event> next = orders.once("b");
            return orders.ready()
                    .compose(ready -> orders.emit("a"))
                    .compose(sent -> orders.emit("a"))
                    .compose(sent -> orders.emit("b"))
                    .compose(sent -> next)
                    .map(event -> {
                        orders.off("a", second).removeAllListeners("a");
                        assertThat(orders.listenerCount("a")).isZero();
                        return null;
                    });
        });
        assertThat(order).containsExactly("first", "once", "second", "only mine", "first", "second", "only mine");
        assertThat(told).startsWith("new removeListener", "new a").contains("removed a");
    }

    @Test
    void whoAsksIsAnswered() throws Exception {
        Object price = on(node.vertx(), vertx -> {
            Emitter pricing = Emitter.of(vertx, "pricing");
            pricing.respond(event -> event.data() instanceof Integer n
                    ? Future.succeededFuture(n * 2)
                    : Future.failedFuture("a number, please"));
            return pricing.ready().compose(ready -> pricing.request("quote", 21));
        });
        assertThat(price).isEqualTo(42);
        assertThatThrownBy(() ->
                        on(node.vertx(), vertx -> Emitter.of(vertx, "pricing").request("quote", "?")))
                .hasMessageContaining("a number, please");
    }

    @Test
    void aPatternIsHeardInsideANode() throws Exception {
        Event heard = on(node.vertx(), vertx -> {
            Emitter all = Emitter.of(vertx, "orders.*");
            Future<Event> next = all.once("placed");
            return all.ready()
                    .compose(ready -> Emitter.of(vertx, "orders.eu").emit("placed", 1))
                    .compose(sent -> next);
        });
        assertThat(heard.data()).isEqualTo(1);
    }

    @Test
    void whatFollowsFromAnEventNamesIt() throws Exception {
        List<Event> heard = new CopyOnWriteArrayList<>();
        on(node.vertx(), vertx -> {
            Emitter orders = Emitter.of(vertx, "orders.chain");
            orders.on("placed", (data, event) -> orders.emit("paid", null, EmitOptions.NONE.causedBy(event)));
            orders.on("paid", (data, event) -> orders.emit("sent", null, EmitOptions.NONE.causedBy(event)));
            orders.on(Emitter.ALL, (data, event) -> heard.add(event));
            return orders.ready().compose(ready -> orders.emit("placed"));
        });
        await().untilAsserted(() -> assertThat(heard).hasSize(3));
        Event placed = heard.get(0);
        assertThat(heard.get(1).extension("causationid")).isEqualTo(placed.id());
        assertThat(heard.get(2).extension("causationid")).isEqualTo(heard.get(1).id());
        assertThat(heard.get(2).extension("correlationid"))
                .isEqualTo(heard.get(1).extension("correlationid"));
    }

    @Test
    void aClosedEmitterHearsNothing() throws Exception {
        List<Object> heard = new CopyOnWriteArrayList<>();
        on(node.vertx(), vertx -> {
            Emitter closed = Emitter.of(vertx, "orders.closed").on(Emitter.ALL, (data, event) -> heard.add("closed"));
            Emitter open = Emitter.of(vertx, "orders.closed").on(Emitter.ALL, (data, event) -> heard.add("open"));
            return Future.all(closed.ready(), open.ready())
                    .compose(ready -> closed.close())
                    .compose(gone -> open.emit("x"));
        });
        await().untilAsserted(() -> assertThat(heard).containsExactly("open"));
    }

    @Test
    void besideANodeEventsAreOrdinaryMessages() throws Exception {
        Vertx foreign = Vertx.vertx();
        try {
            Event heard = on(foreign, vertx -> {
                Emitter orders = Emitter.of(vertx, "orders.eu");
                Future<Event> next = orders.once("placed");
                return orders.ready()
                        .compose(ready -> orders.emit("placed", new JsonObject().put("n", 1), EmitOptions.key("k")))
                        .compose(sent -> next);
            });
            assertThat(heard.subject()).isEqualTo("k");
            assertThat(heard.source()).isEqualTo("/verticles");
            assertThatThrownBy(() ->
                            on(foreign, vertx -> Emitter.of(vertx, "orders.eu").emit("error")))
                    .hasMessageContaining("never travels");
            assertThatThrownBy(() -> on(foreign, vertx -> {
                        Emitter.of(vertx, "orders.*").on("x", (data, event) -> {});
                        return Future.succeededFuture();
                    }))
                    .hasMessageContaining("inside a Weir node");
        } finally {
            foreign.close().await();
        }
    }

    @Test
    void aBadAddressIsSaidWithItsMend() {
        assertThatThrownBy(() -> Emitter.of(node.vertx(), "no spaces please"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("orders.eu");
    }
}
