package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Presence over three nodes in processes of their own, one of which is killed. */
class PresenceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String ROOM = "room";
    private static final String CONF = "auth: {jwt: {secret: '" + Tokens.SECRET + "'}}\n" + """
            http: {ping-timeout: 5m}
            presence: {grace: 3s}
            addresses:
              - {match: room, publish: anyone, subscribe: anyone, presence: anyone}
            """;

    private record Node(Process process, int port) {
        String get(String path) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
        }

        boolean isReady() throws InterruptedException {
            try {
                return new JsonObject(get("/health/ready")).getString("status").equals("UP");
            } catch (IOException | RuntimeException notYet) {
                return false;
            }
        }

        SortedSet<String> present() throws IOException, InterruptedException {
            SortedSet<String> ids = new TreeSet<>();
            new JsonObject(get("/v1/addresses/room/presence"))
                    .getJsonArray("members")
                    .forEach(member -> ids.add(((JsonObject) member).getString("id")));
            return ids;
        }
    }

    /** A client that believes what it is told and notes it. */
    private static final class Client implements AutoCloseable {
        private final BridgeClient bridge;
        private final SortedSet<String> known = new TreeSet<>();
        private final List<String> heard = new ArrayList<>();

        private Client(Node node, String sub) {
            String token = Tokens.hs256(Tokens.claims(sub, 600));
            bridge = BridgeClient.connect(node.port(), "/eventbus/websocket?access_token=" + token);
            bridge.send(
                    BridgeClient.frame("register", ROOM).put("headers", new JsonObject().put("weir-presence", "join")));
            assertThat(bridge.next().getString("type")).isEqualTo("registered");
        }

        /** Takes in what has come; true when it knows of exactly these. */
        private boolean knows(String... ids) {
            JsonObject frame = bridge.poll(Duration.ofMillis(200));
            while (frame != null) {
                take(frame);
                frame = bridge.poll(Duration.ofMillis(10));
            }
            return known.equals(new TreeSet<>(List.of(ids)));
        }

        private void take(JsonObject frame) {
            if (frame.containsKey("members")) {
                known.clear();
                frame.getJsonArray("members").forEach(member -> known.add(((JsonObject) member).getString("id")));
                return;
            }
            frame.getJsonArray("changes").forEach(each -> {
                JsonObject change = (JsonObject) each;
                String id = change.getJsonObject("member").getString("id");
                boolean join = change.getString("type").equals("join");
                heard.add(change.getString("type") + " " + id);
                assertThat(join ? known.add(id) : known.remove(id))
                        .as(heard.toString())
                        .isTrue();
            });
        }

        private List<String> news() {
            List<String> all = List.copyOf(heard);
            heard.clear();
            return all;
        }

        @Override
        public void close() {
            bridge.close();
        }
    }

    @TempDir
    private Path home;

    private final List<Node> nodes = new ArrayList<>();
    private int base;

    @AfterEach
    void stop() throws InterruptedException {
        for (Node node : nodes) {
            node.process().destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    private Node start() throws IOException {
        base = base == 0 ? Ports.free(3) : base;
        int port = Ports.free();
        Path conf = Files.writeString(
                Files.createDirectories(home.resolve("n" + nodes.size())).resolve("weir.yaml"), CONF);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.weir.Weir",
                        "run",
                        "--cluster",
                        "--conf",
                        conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(conf.resolveSibling("out.log").toFile());
        builder.environment().put("WEIR_HTTP_PORT", "" + port);
        builder.environment().put("WEIR_HTTP_LOOPS", "1");
        builder.environment().put("WEIR_HTTP_MAX_LAG", "1m");
        builder.environment().put("WEIR_CLUSTER_PORT", "" + base);
        builder.environment().put("WEIR_CLUSTER_BUS_PORT", "" + Ports.free());
        builder.environment()
                .put(
                        "WEIR_CLUSTER_JOIN",
                        "127.0.0.1:" + base + ",127.0.0.1:" + (base + 1) + ",127.0.0.1:" + (base + 2));
        Node node = new Node(builder.start(), port);
        nodes.add(node);
        await("a node is ready; logs below " + home).atMost(PATIENCE).until(node::isReady);
        return node;
    }

    @Test
    void whoWasOnADeadNodeGoesOnceForEverybodyAndWhoCameBackStays() throws Exception {
        Node one = start();
        Node two = start();
        Node three = start();
        try (Client ann = new Client(one, "ann");
                Client bob = new Client(two, "bob");
                Client cy = new Client(three, "cy");
                Client dee = new Client(three, "dee")) {
            for (Client each : List.of(ann, bob, cy, dee)) {
                await().atMost(PATIENCE).until(() -> each.knows("ann", "bob", "cy", "dee"));
            }
            try (Client late = new Client(two, "eve")) {
                await().atMost(PATIENCE).until(() -> late.knows("ann", "bob", "cy", "dee", "eve"));
                assertThat(late.news()).isEmpty();
                await().atMost(PATIENCE).until(() -> ann.knows("ann", "bob", "cy", "dee", "eve"));
            }
            await("eve goes after the grace").atMost(PATIENCE).until(() -> ann.knows("ann", "bob", "cy", "dee"));
            await("eve goes after the grace").atMost(PATIENCE).until(() -> bob.knows("ann", "bob", "cy", "dee"));
            ann.news();
            bob.news();
            three.process().destroyForcibly().waitFor();
            try (Client back = new Client(one, "dee")) {
                // The cluster notices within 10 s, the grace is 3 s, and nodes look every second.
                await("cy goes").atMost(Duration.ofSeconds(30)).until(() -> ann.knows("ann", "bob", "dee"));
                await("cy goes").atMost(Duration.ofSeconds(30)).until(() -> bob.knows("ann", "bob", "dee"));
                await().atMost(PATIENCE).until(() -> back.knows("ann", "bob", "dee"));
                assertThat(ann.news()).containsExactly("leave cy");
                assertThat(bob.news()).containsExactly("leave cy");
                Node again = start();
                await("a new node learns").atMost(PATIENCE).until(() -> again.present()
                        .equals(two.present()));
                assertThat(again.present()).containsExactly("ann", "bob", "dee");
                try (Client cyAgain = new Client(again, "cy")) {
                    await().atMost(PATIENCE).until(() -> bob.knows("ann", "bob", "cy", "dee"));
                    await().atMost(PATIENCE).until(() -> cyAgain.knows("ann", "bob", "cy", "dee"));
                }
                assertThat(bob.news()).containsExactly("join cy");
            }
        }
    }
}
