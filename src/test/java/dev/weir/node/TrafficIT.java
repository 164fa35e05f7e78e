package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.Tokens;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two nodes tell of their addresses together, and what a third one left behind. */
class TrafficIT {
    private static final String CONF = """
            auth: {jwt: {secret: "%s"}}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone}
            """.formatted(Tokens.SECRET);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path home;

    private static TestCluster cluster;
    private static TestCluster.Member one;
    private static TestCluster.Member two;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(home, CONF);
        one = cluster.start();
        TestCluster.registrations()
                .put("orders", new HazelcastRegistrationInfo(new RegistrationInfo("ghost", 7, false)));
        two = cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** By node. */
    private static Map<String, JsonObject> report(TestCluster.Member asked) throws Exception {
        String token = Tokens.hs256(Tokens.claims("eve", 600).put("roles", new JsonArray().add("viewer")));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + asked.port() + "/v1/reports/traffic"))
                .header("Authorization", "Bearer " + token)
                .build();
        String answer = HTTP.send(request, BodyHandlers.ofString()).body();
        Map<String, JsonObject> nodes = new TreeMap<>();
        new JsonObject(answer)
                .getJsonArray("nodes")
                .forEach(each -> nodes.put(((JsonObject) each).getString("node"), (JsonObject) each));
        return nodes;
    }

    private static String id(TestCluster.Member of) {
        return ((VertxInternal) of.vertx()).clusterManager().getNodeId();
    }

    private static JsonObject orders(TestCluster.Member of) throws Exception {
        return report(one).get(id(of)).getJsonArray("addresses").stream()
                .map(JsonObject.class::cast)
                .filter(row -> row.getString("address").equals("orders"))
                .findFirst()
                .orElse(new JsonObject());
    }

    private static int count(TestCluster.Member of, String what) throws Exception {
        return orders(of).getInteger(what, 0);
    }

    @Test
    void eachNodeTellsOfItsOwnListenersAndEvents() throws Exception {
        try (BridgeClient here = BridgeClient.connect(one.port());
                BridgeClient there = BridgeClient.connect(two.port());
                BridgeClient thereToo = BridgeClient.connect(two.port())) {
            here.register("orders");
            there.register("orders");
            thereToo.register("orders");
            var verticle = one.vertx().eventBus().consumer("orders", message -> {});
            await().until(() -> count(one, "verticles") == 1);
            await().untilAsserted(() -> {
                assertThat(count(one, "bridge")).isEqualTo(1);
                assertThat(count(two, "bridge")).isEqualTo(2);
            });
            assertThat(count(two, "verticles")).isZero();
            here.send(BridgeClient.frame("publish", "orders").put("body", 1));
            here.next();
            there.next();
            thereToo.next();
            await().untilAsserted(() -> {
                assertThat(count(one, "in")).isEqualTo(1);
                assertThat(count(one, "out")).isEqualTo(1);
                assertThat(count(two, "out")).isEqualTo(2);
            });
            assertThat(count(two, "in")).as("an event comes in once").isZero();
            verticle.unregister();
        }
    }

    @Test
    void whatANodeLeftBehindIsToldAndGone() throws Exception {
        await().untilAsserted(() -> assertThat(report(one).values().stream()
                        .flatMap(each -> each.getJsonArray("departed").stream())
                        .map(each -> (JsonObject) each))
                .anySatisfy(ghost -> {
                    assertThat(ghost.getString("node")).isEqualTo("ghost");
                    assertThat(ghost.getJsonArray("addresses")).containsExactly("orders");
                    assertThat(ghost.getInteger("removed")).isEqualTo(ghost.getInteger("registrations"));
                }));
        assertThat(TestCluster.registrations().get("orders"))
                .noneMatch(each -> each.unwrap().nodeId().equals("ghost"));
    }
}
