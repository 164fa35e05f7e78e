package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Presence over three nodes in processes of their own, one of which is killed. */
class PresenceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String ROOM = "room";
    private static final String CONF = "auth: {jwt: {secret: '" + Tokens.SECRET + "'}}\n" + """
            presence: {grace: 5s}
            addresses:
              - {match: room, publish: anyone, subscribe: anyone, presence: anyone}
            """;

    private static SortedSet<String> present(NodeProcess node) {
        SortedSet<String> ids = new TreeSet<>();
        node.json("/v1/addresses/room/presence")
                .getJsonArray("members")
                .forEach(member -> ids.add(((JsonObject) member).getString("id")));
        return ids;
    }

    /** A client that believes what it is told and notes it. */
    private static final class Client implements AutoCloseable {
        private final BridgeClient bridge;
        private final SortedSet<String> known = new TreeSet<>();
        private final List<String> heard = new ArrayList<>();

        private Client(NodeProcess node, String sub) {
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

    @Test
    void whoWasOnADeadNodeGoesOnceForEverybodyAndWhoCameBackStays() throws Exception {
        try (NodeProcesses nodes = new NodeProcesses(home, CONF).startAll(3)) {
            onThree(nodes);
        }
    }

    private static void onThree(NodeProcesses nodes) {
        NodeProcess one = nodes.get(0);
        NodeProcess two = nodes.get(1);
        NodeProcess three = nodes.get(2);
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
                await().atMost(PATIENCE).until(() -> bob.knows("ann", "bob", "cy", "dee", "eve"));
            }
            await("eve goes after the grace").atMost(PATIENCE).until(() -> ann.knows("ann", "bob", "cy", "dee"));
            await("eve goes after the grace").atMost(PATIENCE).until(() -> bob.knows("ann", "bob", "cy", "dee"));
            ann.news();
            bob.news();
            three.kill();
            try (Client back = new Client(one, "dee")) {
                // The cluster notices within 10 s, the grace is 5 s, and nodes look every second.
                await("cy goes").atMost(PATIENCE).until(() -> ann.knows("ann", "bob", "dee"));
                await("cy goes").atMost(PATIENCE).until(() -> bob.knows("ann", "bob", "dee"));
                await().atMost(PATIENCE).until(() -> back.knows("ann", "bob", "dee"));
                assertThat(ann.news()).containsExactly("leave cy");
                assertThat(bob.news()).containsExactly("leave cy");
                nodes.awaitReady();
                await("a new node learns").atMost(PATIENCE).until(() -> present(three)
                        .equals(present(two)));
                assertThat(present(three)).containsExactly("ann", "bob", "dee");
                try (Client cyAgain = new Client(three, "cy")) {
                    await().atMost(PATIENCE).until(() -> bob.knows("ann", "bob", "cy", "dee"));
                    await().atMost(PATIENCE).until(() -> cyAgain.knows("ann", "bob", "cy", "dee"));
                }
                assertThat(bob.news()).containsExactly("join cy");
            }
        }
    }
}
