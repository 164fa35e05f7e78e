package dev.weir.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import dev.weir.emitter.EmitterTracer;
import dev.weir.emitter.EventAggregator;
import dev.weir.emitter.ListenerMonitor;
import dev.weir.time.Timers;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tracer, monitor and aggregator on real emitters, on a bus without a node. */
class EmitterToolsTest {
    private Vertx vertx;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void end() {
        vertx.close().await();
    }

    @Test
    void theTracerShowsEventsArgumentsAndTheCodeThatEmitted() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Emitter orders = Emitter.of(vertx, "orders");
        orders.on("placed", (data, event) -> {});
        orders.on("*", (data, event) -> {});
        orders.ready().await();
        EmitterTracer tracer = EmitterTracer.of(orders).to(lines::add).depth(1);
        place(orders).await();
        await().until(() -> lines.size() == 2);
        assertThat(lines.get(0))
                .startsWith("orders emit placed {\"n\":1} key=k\n    at dev.weir.example.EmitterToolsTest.place(");
        assertThat(lines.get(1))
                .startsWith("orders heard placed {\"n\":1} key=k id=")
                .endsWith(" by 2 listeners");
        lines.clear();
        tracer.depth(0);
        orders.on("later", (data, event) -> {});
        await().until(() -> lines.size() == 1);
        orders.emit("disconnect", "x".repeat(600))
                .transform(done -> Future.succeededFuture())
                .await();
        orders.emit("error")
                .onComplete(done -> {})
                .transform(done -> Future.succeededFuture())
                .await();
        assertThat(lines.get(0)).isEqualTo("orders local newListener later");
        assertThat(lines.get(1))
                .hasSize("orders emit disconnect ".length() + 503)
                .endsWith("x...");
        tracer.close();
        orders.emit("placed").await();
        assertThat(lines).hasSize(3);
    }

    private static Future<?> place(Emitter orders) {
        return orders.emit("placed", new JsonObject().put("n", 1), EmitOptions.key("k"));
    }

    @Test
    void theMonitorCountsListenersOfEmitters() {
        VirtualTime time = new VirtualTime(Instant.EPOCH);
        Emitter orders = Emitter.of(vertx, "orders");
        ListenerMonitor monitor = new ListenerMonitor(time, time, Duration.ofSeconds(1)).watch(orders);
        orders.on("placed", (data, event) -> {});
        orders.on("placed", (data, event) -> {});
        orders.on("paid", (data, event) -> {});
        await().until(() -> orders.listenerCount("paid") == 1);
        time.advance(Duration.ofSeconds(1));
        orders.removeAllListeners("paid");
        await().until(() -> orders.listenerCount("paid") == 0);
        time.advance(Duration.ofSeconds(1));
        assertThat(counts(monitor, "orders")).containsExactly(3, 2);
        assertThat(counts(monitor, "orders placed")).containsExactly(2, 2);
        assertThat(counts(monitor, "orders paid")).containsExactly(1, 0);
        time.advance(Duration.ofSeconds(200));
        assertThat(monitor.names()).containsExactly("orders placed", "orders");
    }

    private static List<Integer> counts(ListenerMonitor monitor, String name) {
        return monitor.series(name).stream().map(ListenerMonitor.Sample::count).toList();
    }

    @Test
    void anAggregatorListensToAnEmitterUntilItIsClosed() {
        List<String> out = new CopyOnWriteArrayList<>();
        Emitter orders = Emitter.of(vertx, "orders");
        EventAggregator shipments = new EventAggregator(Timers.of(vertx))
                .all("paid", "packed")
                .onComplete(order -> out.add(order.key() + order.by().word()))
                .listen(orders);
        orders.ready().await();
        for (String type : List.of("paid", "other", "packed")) {
            orders.emit(type, null, EmitOptions.key("k")).await();
        }
        await().until(() -> out.equals(List.of("kall")));
        shipments.close();
        await().until(() -> orders.eventNames().isEmpty());
    }
}
