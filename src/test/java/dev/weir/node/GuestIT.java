package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Member;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.emitter.Emitter;
import dev.weir.emitter.Presence;
import dev.weir.event.Event;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Emitters in a member of the cluster that is no node: policies hold for them, patterns too, and they are counted. */
class GuestIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CONF = """
            addresses:
              - {match: "chat.{room}", publish: anyone, subscribe: anyone, presence: anyone, max-size: 200B}
              - {match: pricing, request: anyone, respond: anyone}
              - {match: kept, publish: anyone, keep: {events: 1000}}
            """;

    private static final String FLOW = """
            flow: twice
            from: readings
            stages:
              - map: {n: event.data * 2}
            to: doubled
            """;

    private static TestCluster cluster;
    private static TestCluster.Member one;
    private static TestCluster.Member two;
    private static Vertx guest;

    @BeforeAll
    static void start(@TempDir Path home) throws IOException {
        Path flows = Files.createDirectories(home.resolve("flows"));
        Files.writeString(flows.resolve("twice.yaml"), FLOW);
        String addresses = "  - {match: readings, publish: anyone}\n  - {match: doubled, subscribe: anyone}\n";
        cluster = new TestCluster(home, CONF + addresses + "flows: {path: '" + flows + "'}\n");
        one = cluster.start();
        two = cluster.start();
        guest = cluster.startGuest();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(60, TimeUnit.SECONDS);
    }

    @Test
    void itsEventsReachAddressAndPatternInOrder() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        Emitter rooms = Emitter.of(two.vertx(), "chat.*")
                .on("said", (data, event) -> heard.add(data + " in " + event.extension("weiraddress")));
        get(rooms.ready());
        try (BridgeClient browser = BridgeClient.connect(one.port())) {
            browser.register("chat.guest");
            Emitter room = Emitter.of(guest, "chat.guest");
            List<Future<Receipt>> sent = new ArrayList<>();
            for (int n = 0; n < 50; n++) {
                sent.add(room.emit("said", n));
            }
            get(Future.all(sent));
            for (int n = 0; n < 50; n++) {
                JsonObject frame = browser.next();
                assertThat(frame.getInteger("body")).isEqualTo(n);
                if (n == 0) {
                    assertThat(frame.getJsonObject("headers").getString("ce-id"))
                            .isEqualTo(sent.get(0).result().id());
                }
            }
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard)
                .hasSize(50)
                .startsWith("0 in chat.guest", "1 in chat.guest")
                .endsWith("49 in chat.guest"));
        get(rooms.close());
    }

    @Test
    void itHearsAddressAndPatternAndIsCounted() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        Emitter rooms = Emitter.of(guest, "chat.*");
        rooms.on("said", (data, event) -> heard.add(rooms.addressOf(event) + " " + data));
        Emitter room = Emitter.of(guest, "chat.here").on("said", (data, event) -> heard.add("here " + data));
        get(rooms.ready());
        get(room.ready());
        Emitter sender = Emitter.of(one.vertx(), "chat.here");
        // That a registration is there does not say that every other node knows of it already.
        await().atMost(PATIENCE).untilAsserted(() -> {
            get(sender.emit("said", "hi"));
            assertThat(heard).contains("chat.here hi", "here hi");
        });
        try (BridgeClient browser = BridgeClient.connect(one.port())) {
            browser.register("chat.here");
            for (Vertx asking : List.of(guest, one.vertx(), two.vertx())) {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(get(Emitter.of(asking, "chat.here").listeners())).isEqualTo(2);
                    assertThat(get(Emitter.of(asking, "chat.*").listeners())).isEqualTo(1);
                });
            }
        }
        get(rooms.close());
        get(room.close());
    }

    @Test
    void itHearsWhatIsKeptInOrderAlsoWhereTheBusLosesIt() throws Exception {
        AtomicInteger passing = new AtomicInteger();
        Handler<DeliveryContext<Object>> lossy = delivery -> {
            boolean ofLog = Addresses.ofLog("kept").equals(delivery.message().address());
            if (!ofLog || passing.incrementAndGet() % 3 == 0) {
                delivery.next();
            }
        };
        guest.eventBus().addInboundInterceptor(lossy);
        List<Long> offsets = new CopyOnWriteArrayList<>();
        Emitter log = Emitter.of(guest, "kept")
                .on(
                        "said",
                        (Integer data, Event event) -> offsets.add(Objects.requireNonNull(Emitter.positionOf(event))
                                .offset()));
        try {
            get(log.ready());
            List<Future<Receipt>> sent = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                sent.add(Emitter.of(n % 2 == 0 ? one.vertx() : two.vertx(), "kept")
                        .emit("said", n));
            }
            get(Future.all(sent));
            await().atMost(PATIENCE).until(() -> offsets.size() >= 20);
            assertThat(offsets)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 20).boxed().toList());
        } finally {
            guest.eventBus().removeInboundInterceptor(lossy);
            get(log.close());
        }
    }

    @Test
    void itSeesWhoIsThereAndIsNotThereItself() throws Exception {
        Presence there = Emitter.of(two.vertx(), "chat.present").presence();
        there.join("ann", new JsonObject().put("n", 1));
        List<String> told = new CopyOnWriteArrayList<>();
        Presence seen = Emitter.of(guest, "chat.present")
                .presence()
                .onJoin(member -> told.add("join " + member.id()))
                .onUpdate(member -> told.add("update " + member.id() + " " + member.data()))
                .onLeave(member -> told.add("leave " + member.id()));
        get(seen.ready());
        await().atMost(PATIENCE).until(() -> seen.count() == 1);
        assertThatThrownBy(() -> seen.join("guest", null)).isInstanceOf(IllegalStateException.class);
        told.clear();
        there.join("ann", new JsonObject().put("n", 2));
        await().atMost(PATIENCE).until(() -> told.equals(List.of("update ann {\"n\":2}")));
        Presence other = Emitter.of(one.vertx(), "chat.present").presence().join("bob", null);
        await().atMost(PATIENCE).until(() -> told.contains("join bob"));
        assertThat(seen.members()).extracting(Member::id).containsExactlyInAnyOrder("ann", "bob");
        there.close();
        other.close();
        await().atMost(PATIENCE).until(() -> seen.count() == 0 && told.contains("leave ann"));
        seen.close();
    }

    private static double partitions(TestCluster.Member node) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/metrics"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("weir_flow_partitions{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void flowsAreTheWorkOfNodesAlone() throws Exception {
        await().atMost(PATIENCE).until(() -> partitions(one) > 0 && partitions(one) + partitions(two) == 64);
    }

    @Test
    void policiesHoldForIt() throws Exception {
        assertRefused(FailureCode.TOO_LARGE, Emitter.of(guest, "chat.guest").emit("said", "x".repeat(300)));
        assertRefused(FailureCode.UNKNOWN_ADDRESS, Emitter.of(guest, "nowhere").emit("said", "x"));
        assertRefused(
                FailureCode.UNKNOWN_ADDRESS,
                Emitter.of(guest, "nowhere.*").on("x", (d, e) -> {}).ready());
        assertRefused(FailureCode.NO_HANDLERS, Emitter.of(guest, "pricing").request("quote", 1));
        Emitter pricing =
                Emitter.of(guest, "pricing").respond(event -> Future.succeededFuture((Integer) event.data() * 2));
        get(pricing.ready());
        // Only nodes tell the others before they are ready; of a guest's registration they hear a moment later.
        Emitter asking = Emitter.of(one.vertx(), "pricing");
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(get(asking.request("quote", 21)))
                .isEqualTo(42));
        get(pricing.close());
    }

    @Test
    void anotherNodeTakesOverWhenItsOwnGoes() throws Exception {
        TestCluster.Member third = cluster.start();
        List<String> heard = new CopyOnWriteArrayList<>();
        Emitter listening =
                Emitter.of(one.vertx(), "chat.moved").on("said", (Object data, Event event) -> heard.add("" + data));
        get(listening.ready());
        List<Emitter> emitters = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            Emitter room = Emitter.of(guest, "chat.moved");
            get(room.emit("said", "before"));
            emitters.add(room);
        }
        get(third.vertx().close());
        for (Emitter room : emitters) {
            String after = "after " + emitters.indexOf(room);
            await("a node takes the events").atMost(PATIENCE).until(() -> room.emit("said", after)
                    .map(sent -> true)
                    .otherwise(false)
                    .await(60, TimeUnit.SECONDS));
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).contains("after 0", "after 1", "after 2"));
        get(listening.close());
    }

    private static void assertRefused(FailureCode code, Future<?> outcome) {
        assertThatThrownBy(() -> get(outcome))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @Test
    void nodesThatComeAndGoAreToldAlthoughTheOldestMemberIsNone(@TempDir Path home) throws Exception {
        try (TestCluster young = new TestCluster(home, CONF)) {
            young.startGuest();
            TestCluster.Member first = young.start();
            List<String> told = new CopyOnWriteArrayList<>();
            first.vertx().eventBus().addOutboundInterceptor(context -> {
                if (context.message().address().startsWith(Addresses.NODE_PREFIX)) {
                    told.add(context.message().headers().get("ce-type"));
                }
                context.next();
            });
            TestCluster.Member second = young.start();
            await().atMost(PATIENCE).until(() -> told.equals(List.of("joined")));
            get(second.vertx().close());
            await().atMost(PATIENCE).until(() -> told.equals(List.of("joined", "left")));
        }
    }
}
