package dev.weir.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.BridgeClient;
import dev.weir.TestNode;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Position;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.event.Event;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The emitter of Java: inside a node, and beside one on a bus of its own. */
class EmitterTest {
    private static final String YAML = """
            addresses:
              - {match: 'orders.{region}', publish: anyone, subscribe: anyone, max-size: 200B}
              - {match: pricing, request: anyone, respond: anyone}
              - {match: 'asked.{what}', request: anyone, respond: anyone}
              - {match: kept, publish: anyone, keep: {events: 100}}
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
        Promise<T> done = Promise.promise();
        vertx.runOnContext(go -> {
            try {
                step.apply(vertx).onComplete(done);
            } catch (RuntimeException thrown) {
                done.fail(thrown);
            }
        });
        return done.future().await(60, TimeUnit.SECONDS);
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

    private static void assertRefused(FailureCode code, Function<Vertx, Future<?>> step) {
        assertThatThrownBy(() -> on(node.vertx(), vertx -> step.apply(vertx).mapEmpty()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @Test
    void failuresOfRequestsAreTyped() throws Exception {
        List<Object> errors = new CopyOnWriteArrayList<>();
        on(node.vertx(), vertx -> {
            Emitter answering = Emitter.of(vertx, "asked.typed");
            answering.on("error", (Throwable failure, Event event) -> errors.add(String.valueOf(failure)));
            return answering
                    .respond(event -> switch (event.type()) {
                        case "refuse" -> Future.failedFuture(new Refusal(FailureCode.TOO_FAST, "slowly"));
                        case "number" ->
                            Future.failedFuture(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, 42, "mine"));
                        case "bug" -> throw new IllegalStateException("a secret");
                        case "object" -> Future.succeededFuture(new Object());
                        default -> Promise.promise().future();
                    })
                    .ready();
        });
        Function<String, Function<Vertx, Future<?>>> ask =
                type -> vertx -> Emitter.of(vertx, "asked.typed").request(type, null);
        assertRefused(FailureCode.TOO_FAST, ask.apply("refuse"));
        assertRefused(FailureCode.RECIPIENT_FAILURE, ask.apply("object"));
        assertThatThrownBy(() -> on(
                        node.vertx(), vertx -> ask.apply("number").apply(vertx).mapEmpty()))
                .isInstanceOfSatisfying(ReplyException.class, reply -> assertThat(reply.failureCode())
                        .isEqualTo(42));
        assertThatThrownBy(() ->
                        on(node.vertx(), vertx -> ask.apply("bug").apply(vertx).mapEmpty()))
                .hasMessage(FailureCode.RECIPIENT_FAILURE.meaning());
        await().untilAsserted(
                        () -> assertThat(errors).hasSize(2).last().asString().contains("a secret"));
        assertRefused(FailureCode.TIMEOUT, vertx -> Emitter.of(vertx, "asked.typed")
                .request("silence", 1, EmitOptions.NONE, 50));
        assertRefused(FailureCode.NO_HANDLERS, vertx -> Emitter.of(vertx, "asked.nobody")
                .request("x", 1));
        assertRefused(FailureCode.UNKNOWN_ADDRESS, vertx -> Emitter.of(vertx, "nowhere")
                .request("x", 1));
    }

    @Test
    void aPatternNamesTheRealAddressAndIsNoAddress() throws Exception {
        String heard = on(node.vertx(), vertx -> {
            Emitter all = Emitter.of(vertx, "orders.*");
            Future<Event> next = all.once("placed");
            return all.ready()
                    .compose(ready -> Emitter.of(vertx, "orders.eu").emit("placed", 1))
                    .compose(sent -> next)
                    .map(event -> event.data() + " " + all.addressOf(event) + " " + event.extension("weiraddress"));
        });
        assertThat(heard).isEqualTo("1 orders.eu orders.eu");
        assertThatThrownBy(() ->
                        on(node.vertx(), vertx -> Emitter.of(vertx, "orders.*").emit("placed")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("'orders.*' is a pattern");
    }

    @Test
    void whatIsKeptSaysWhere() throws Exception {
        List<Position> heard = new CopyOnWriteArrayList<>();
        List<Receipt> receipts = on(node.vertx(), vertx -> {
            Emitter kept = Emitter.of(vertx, "kept").on("n", (data, event) -> heard.add(Emitter.positionOf(event)));
            return kept.ready()
                    .compose(ready -> kept.emit("n", 1, EmitOptions.NONE.withId("one")))
                    .compose(first -> kept.emit("n", 1, EmitOptions.NONE.withId("one"))
                            .compose(again -> kept.emit("n", 2).map(second -> List.of(first, again, second))));
        });
        assertThat(receipts.get(1)).isEqualTo(new Receipt("one", receipts.get(0).kept(), true));
        await().untilAsserted(() -> assertThat(heard)
                .containsExactly(receipts.get(0).kept(), receipts.get(2).kept()));
        assertThat(heard).doesNotContainNull();
    }

    @Test
    void whatNoPolicyDeclaresIsNotListenedTo() throws Exception {
        List<Object> errors = new CopyOnWriteArrayList<>();
        for (String unknown : List.of("nowhere", "nowhere.*", "orders.**")) {
            assertRefused(FailureCode.UNKNOWN_ADDRESS, vertx -> Emitter.of(vertx, unknown)
                    .on("error", (Refusal refusal, Event event) -> errors.add(refusal.code()))
                    .on("x", (data, event) -> {})
                    .ready());
        }
        await().untilAsserted(() -> assertThat(errors).hasSize(3).containsOnly(FailureCode.UNKNOWN_ADDRESS));
        assertThatThrownBy(() ->
                        on(node.vertx(), vertx -> Emitter.of(vertx, "orders.eu").ready()))
                .hasMessageContaining("call on() before ready()");
    }

    @Test
    void whatIsEmittedRightAfterOnIsHeardInOrder() throws Exception {
        List<Object> heard = new CopyOnWriteArrayList<>();
        on(node.vertx(), vertx -> {
            Emitter orders = Emitter.of(vertx, "orders.now").on("n", (data, event) -> heard.add(data));
            JsonObject reused = new JsonObject();
            for (int n = 0; n < 20; n++) {
                orders.emit("n", reused.put("n", n));
            }
            return Future.succeededFuture();
        });
        await().untilAsserted(() -> assertThat(heard)
                .containsExactlyElementsOf(IntStream.range(0, 20)
                        .mapToObj(n -> new JsonObject().put("n", n))
                        .toList()));
    }

    @Test
    void aThreadOfOnesOwnMayUseAnEmitter() throws Exception {
        List<Object> heard = new CopyOnWriteArrayList<>();
        Emitter orders = Emitter.of(node.vertx(), "orders.thread");
        orders.on("error", (Throwable failure, Event event) -> heard.add(failure));
        orders.on("n", (data, event) -> heard.add(data));
        orders.ready().await(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> orders.emit("error").await(30, TimeUnit.SECONDS))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> orders.emit("n", new Object()).await(30, TimeUnit.SECONDS))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("JsonObject");
        assertThat(orders.listeners().await(30, TimeUnit.SECONDS)).isEqualTo(1);
        orders.emit("n", 1).await(30, TimeUnit.SECONDS);
        await().untilAsserted(() -> assertThat(heard).containsExactly(1));
        orders.emit("disconnect");
        await().untilAsserted(() -> assertThat(heard).hasSize(2));
        orders.close().await(30, TimeUnit.SECONDS);
        assertThat(orders.eventNames()).isEmpty();
    }

    @Test
    void aLeakIsSaidOnce() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(Emitter.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        log.addAppender(said);
        try {
            on(node.vertx(), vertx -> {
                Emitter orders = Emitter.of(vertx, "orders.leak").setMaxListeners(2);
                for (int n = 0; n < 4; n++) {
                    orders.on("placed", (data, event) -> {});
                }
                orders.setMaxListeners(0).on("paid", (data, event) -> {});
                return orders.close();
            });
        } finally {
            log.detachAppender(said);
        }
        assertThat(said.list).hasSize(1);
        assertThat(said.list.get(0).getFormattedMessage()).contains("3 listeners of 'placed'", "setMaxListeners");
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
            assertThatThrownBy(() ->
                            on(foreign, vertx -> Emitter.of(vertx, "orders.eu").listeners()))
                    .isInstanceOfSatisfying(
                            Refusal.class, r -> assertThat(r.code()).isEqualTo(FailureCode.UNAVAILABLE));
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
