package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What journaled flows of a real node do over changes of their files, pauses and restarts: nothing is lost, nothing comes twice. */
class RecoveryTest {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, keep: {events: 100000}}
              - {match: "rooms.{room}", publish: anyone, keep: {events: 100000}}
              - {match: out, history: anyone, keep: {events: 100000}}
            """;
    private static final String STRICT = """
            flow: strict
            from: %s
            stages:
              - map: {n: 'event.data.n + event.data.plus'}
                on-error: {then: stop}
            to: out
            """;

    @TempDir
    Path home;

    private void flow(String text) throws IOException {
        Path folder = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(folder.resolve("one.yaml"), text);
    }

    private static void publish(TestNode node, String address, JsonObject data) throws Exception {
        Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(EventHeaders.SUBJECT, "k");
        publisher.publish(Origin.node("test"), address, headers, data, 0).await(30, TimeUnit.SECONDS);
    }

    private static List<Integer> out(TestNode node) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/addresses/out/events?limit=1000")))
                .build();
        String body = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        JsonArray events = new JsonObject(body).getJsonArray("events", new JsonArray());
        return IntStream.range(0, events.size())
                .map(i -> events.getJsonObject(i)
                        .getJsonObject("data")
                        .getNumber("n")
                        .intValue())
                .boxed()
                .toList();
    }

    private static JsonObject event(int n) {
        return new JsonObject().put("n", n).put("plus", 0);
    }

    /** The second event cannot be processed and stops the flow; those behind it wait with it, in order. */
    @Test
    void whatWaitsAtAStageThatIsChangedGoesThroughTheNewOneInOrder() throws Exception {
        flow(STRICT.formatted("orders"));
        try (TestNode node = TestNode.start(home, YAML)) {
            publish(node, "orders", event(1));
            publish(node, "orders", new JsonObject().put("n", 2));
            publish(node, "orders", event(3));
            await().untilAsserted(() -> assertThat(out(node)).containsExactly(1));
            flow(STRICT.formatted("orders").replace("event.data.n + event.data.plus", "event.data.n"));
            node.reload();
            publish(node, "orders", event(4));
            await().untilAsserted(() -> assertThat(out(node)).containsExactly(1, 2, 3, 4));
        }
        try (TestNode node = TestNode.start(home, YAML)) {
            publish(node, "orders", event(5));
            await().untilAsserted(() -> assertThat(out(node)).containsExactly(1, 2, 3, 4, 5));
        }
    }

    @Test
    void aFlowThatBeginsAtTheEndBeginsThereOnce() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            publish(node, "orders", event(1));
            flow(STRICT.formatted("[{address: orders, start: end}]"));
            node.reload();
            publish(node, "orders", event(2));
            await().untilAsserted(() -> assertThat(out(node)).containsExactly(2));
        }
        flow("""
                flow: strict
                from: [{address: orders, start: end}]
                stages:
                  - map: {n: event.data.n}
                to: out
                """);
        try (TestNode node = TestNode.start(home, YAML)) {
            publish(node, "orders", event(3));
            await().untilAsserted(() -> assertThat(out(node)).containsExactly(2, 3));
        }
    }

    @Test
    void aJournaledPatternIsItsAddressesAlsoThoseThatBeginLater() throws Exception {
        flow(STRICT.formatted("rooms.*"));
        try (TestNode node = TestNode.start(home, YAML)) {
            publish(node, "rooms.a", event(1));
            await().untilAsserted(() -> assertThat(out(node)).containsExactly(1));
            publish(node, "rooms.b", event(2));
            await().untilAsserted(() -> assertThat(out(node)).containsExactly(1, 2));
            publish(node, "rooms.a", event(3));
            await().untilAsserted(() -> assertThat(out(node)).containsExactly(1, 2, 3));
        }
        Files.delete(home.resolve("conf").resolve("flows").resolve("one.yaml"));
        try (TestNode node = TestNode.start(home, YAML)) {
            publish(node, "rooms.c", event(4));
            publish(node, "rooms.b", event(4));
        }
        flow(STRICT.formatted("[{address: 'rooms.*', start: end}]"));
        try (TestNode node = TestNode.start(home, YAML)) {
            await().untilAsserted(() -> assertThat(out(node)).containsExactly(1, 2, 3, 4, 4));
        }
    }
}
