package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresServer;
import dev.weir.TestNode;
import dev.weir.bus.Position;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.emitter.Emitter;
import dev.weir.event.Event;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Emitters on an address that several nodes keep together: in order, without holes, each event once. */
class KeptEmitterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private PostgresServer server;
    private String yaml;

    @BeforeEach
    void start() throws Exception {
        server = new PostgresServer(home);
        yaml = "journal: {engine: postgresql, uri: '" + server.database("shop") + "'}\n"
                + "addresses:\n  - {match: orders, publish: anyone, keep: {events: 100000}}\n";
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static List<Long> hear(Emitter orders) throws Exception {
        List<Long> offsets = new CopyOnWriteArrayList<>();
        orders.on("n", (Object data, Event event) -> {
            Position kept = Emitter.positionOf(event);
            offsets.add(kept == null ? -1 : kept.offset());
        });
        orders.ready().await(30, TimeUnit.SECONDS);
        return offsets;
    }

    @Test
    void emittersOfTwoNodesHearOneLog() throws Exception {
        try (TestNode one = TestNode.start(home.resolve("one"), yaml);
                TestNode two = TestNode.start(home.resolve("two"), yaml)) {
            Emitter here = Emitter.of(one.vertx(), "orders");
            Emitter there = Emitter.of(two.vertx(), "orders");
            List<Long> heardHere = hear(here);
            List<Long> heardThere = hear(there);
            List<Future<Receipt>> sent = new ArrayList<>();
            for (int n = 0; n < 100; n++) {
                sent.add((n % 2 == 0 ? here : there).emit("n", n));
            }
            Future.all(sent).await(30, TimeUnit.SECONDS);
            List<Long> all = LongStream.rangeClosed(1, 100).boxed().toList();
            for (List<Long> heard : List.of(heardHere, heardThere)) {
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).isEqualTo(all));
            }
        }
    }

    @Test
    void anEmitterThatCannotListenYetTriesAgain() throws Exception {
        try (TestNode node = TestNode.start(home.resolve("node"), yaml)) {
            server.stop();
            List<String> errors = new CopyOnWriteArrayList<>();
            List<Object> heard = new CopyOnWriteArrayList<>();
            Emitter orders = Emitter.of(node.vertx(), "orders");
            orders.on(
                    "error",
                    (Refusal refusal, Event event) -> errors.add(refusal.code().word()));
            orders.on("n", (data, event) -> heard.add(data));
            Future<Void> ready = orders.ready();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(errors).containsExactly("unavailable"));
            server.start();
            ready.await(60, TimeUnit.SECONDS);
            await().atMost(PATIENCE)
                    .until(() ->
                            orders.emit("n", "after").map(true).otherwise(false).await(30, TimeUnit.SECONDS));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).contains("after"));
            assertThat(orders.listeners().await(30, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }
}
