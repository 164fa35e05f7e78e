package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A subscription in a cluster on PostgreSQL: one node owns it, any node serves its consumers, and a dead owner is replaced. */
class SubscriptionIT {
    private static final String YAML = """
            journal: {engine: postgresql, uri: '%s'}
            addresses:
              - {match: orders, publish: anyone, keep: {events: 100000}}
            subscriptions:
              - {name: billing, from: [orders], consume: anyone, ack-wait: 2s, retry: {backoff: [100ms], attempts: 100}}
            """;
    private static final int EVENTS = 200;

    @TempDir
    Path home;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HttpResponse<String> post(NodeProcess node, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(node.url(path)))
                        .timeout(Duration.ofSeconds(60))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Takes some deliveries and acknowledges them; adds those that this was answered for. */
    private boolean consume(NodeProcess node, Set<Integer> done) throws IOException, InterruptedException {
        HttpResponse<String> pulled = post(node, "/v1/subscriptions/billing/pull?max=20&wait=1s", "");
        if (pulled.statusCode() != 200) {
            return false;
        }
        JsonArray deliveries = new JsonObject(pulled.body()).getJsonArray("deliveries");
        if (deliveries.isEmpty()) {
            return true;
        }
        JsonArray items = new JsonArray();
        for (int i = 0; i < deliveries.size(); i++) {
            items.add(new JsonObject()
                    .put("id", deliveries.getJsonObject(i).getString("id"))
                    .put("outcome", "ack"));
        }
        String body = new JsonObject().put("items", items).encode();
        HttpResponse<String> settled = post(node, "/v1/subscriptions/billing/settle", body);
        if (settled.statusCode() == 200) {
            JsonArray results = new JsonObject(settled.body()).getJsonArray("results");
            for (int i = 0; i < results.size(); i++) {
                if (results.getString(i).equals("done")) {
                    int n = deliveries.getJsonObject(i).getJsonObject("event").getInteger("data");
                    assertThat(done.add(n)).as("%s was acknowledged before", n).isTrue();
                }
            }
        }
        return true;
    }

    private void publish(NodeProcess node, int from, int to) throws IOException, InterruptedException {
        for (int n = from; n < to; n++) {
            String path = "/v1/addresses/orders/events?type=placed&subject=k" + n % 10;
            assertThat(post(node, path, "" + n).statusCode()).isEqualTo(201);
        }
    }

    @Test
    void aDeadOwnerIsReplacedWithinTenSecondsAndNothingIsLostOrAcknowledgedTwice() throws Exception {
        try (PostgresServer server = new PostgresServer(home);
                NodeProcesses nodes = new NodeProcesses(home, YAML.formatted(server.database("shop")))) {
            nodes.startAll(2);
            Set<Integer> done = new HashSet<>();
            publish(nodes.get(0), 0, EVENTS / 2);
            nodes.await("the owner serves consumers of both nodes", NodeProcesses.PATIENCE, () -> {
                consume(nodes.get(1), done);
                return done.size() >= 20;
            });
            // The first node was alone at first, so it is the owner.
            nodes.get(0).kill();
            long killed = System.nanoTime();
            nodes.await("the other node owns it", NodeProcesses.PATIENCE, () -> consume(nodes.get(1), done));
            // Promised are 10 s, of an idle machine.
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(30));
            publish(nodes.get(1), EVENTS / 2, EVENTS);
            nodes.await("every event is done", NodeProcesses.PATIENCE, () -> {
                consume(nodes.get(1), done);
                return done.size() == EVENTS;
            });
        }
    }
}
