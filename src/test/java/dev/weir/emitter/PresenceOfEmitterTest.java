package dev.weir.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is on an address, as verticles see it and are seen. */
class PresenceOfEmitterTest {
    private static TestNode node;

    @BeforeAll
    static void start(@TempDir Path home) {
        node = TestNode.start(home, """
                presence: {members: 3, grace: 0s, max-data: 100B}
                addresses:
                  - {match: 'room.{n}', publish: anyone, subscribe: anyone, presence: anyone}
                """);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** Watches a room and is in it. */
    private static final class Bot extends VerticleBase {
        private final String room;
        private final List<String> heard = new CopyOnWriteArrayList<>();

        private Bot(String room) {
            this.room = room;
        }

        @Override
        public Future<?> start() {
            Emitter emitter = Emitter.of(vertx, room);
            Presence presence = emitter.presence();
            presence.onJoin(member -> heard.add("join " + member.id()))
                    .onUpdate(member -> heard.add("update " + member.id() + " " + member.value()))
                    .onLeave(member -> heard.add("leave " + member.id() + " of " + presence.count()))
                    .join("bot", new JsonObject().put("name", "Bot"));
            assertThat(emitter.presence()).isSameAs(presence);
            return presence.ready();
        }
    }

    private static BridgeClient join(String room, String data) {
        BridgeClient client = BridgeClient.connect(node.port());
        JsonObject headers = new JsonObject().put("weir-presence", "join").put("weir-presence-data", data);
        client.send(BridgeClient.frame("register", room).put("headers", headers));
        assertThat(client.next().getString("type")).isEqualTo("registered");
        return client;
    }

    @Test
    void aVerticleIsSeenAndSeesUntilItEnds() throws Exception {
        Bot bot = new Bot("room.a");
        String id = node.vertx().deployVerticle(bot).await(60, TimeUnit.SECONDS);
        try (BridgeClient client = join("room.a", "1")) {
            JsonObject list = client.next();
            assertThat(list.getJsonArray("members").getJsonObject(0).getString("id"))
                    .isEqualTo("bot");
            String self = list.getJsonArray("members").getJsonObject(1).getString("id");
            client.send(BridgeClient.frame("register", "room.a")
                    .put(
                            "headers",
                            new JsonObject().put("weir-presence", "join").put("weir-presence-data", "2")));
            client.next();
            client.send(BridgeClient.frame("unregister", "room.a"));
            // Whether its own coming is news to it depends on whether the first list was made before.
            await().untilAsserted(() -> assertThat(bot.heard)
                    .filteredOn(line -> !line.equals("join bot"))
                    .containsExactly("join " + self, "update " + self + " 2", "leave " + self + " of 1"));
        }
        try (BridgeClient client = join("room.a", "1")) {
            assertThat(client.next().getInteger("count")).isEqualTo(2);
            node.vertx().undeploy(id).await(60, TimeUnit.SECONDS);
            JsonObject change = client.next().getJsonArray("changes").getJsonObject(0);
            assertThat(change.getString("type")).isEqualTo("leave");
            assertThat(change.getJsonObject("member").getString("id")).isEqualTo("bot");
        }
    }

    @Test
    void aListThatComesAgainIsToldAsWhatChanged() throws Exception {
        Bot bot = new Bot("room.b");
        node.vertx().deployVerticle(bot).await(60, TimeUnit.SECONDS);
        List<BridgeClient> crowd = List.of(join("room.b", "1"), join("room.b", "2"), join("room.b", "3"));
        await().untilAsserted(() -> {
            try (BridgeClient late = join("room.b", "9")) {
                assertThat(late.next().getBoolean("truncated")).isTrue();
            }
        });
        crowd.forEach(BridgeClient::close);
        try (BridgeClient last = join("room.b", "4")) {
            while (last.next().getInteger("count") != 2) {
                // The others are still going.
            }
        }
        await().untilAsserted(() ->
                assertThat(bot.heard).last().asString().startsWith("leave ~").endsWith(" of 1"));
    }

    @Test
    void mistakesAreSaid() throws Exception {
        Vertx bare = Vertx.vertx();
        try {
            assertThatThrownBy(() -> Emitter.of(bare, "room.c").presence())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("only verticles inside a Weir node");
        } finally {
            bare.close().await(60, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> Emitter.of(node.vertx(), "room.*").presence()).hasMessageContaining("name an address");
        Presence presence = Emitter.of(node.vertx(), "room.d").presence();
        assertThatThrownBy(() -> presence.join("", null)).hasMessageContaining("1 to 200 characters");
        assertThatThrownBy(() -> presence.join("x", "y".repeat(101))).hasMessageContaining("at most 100 bytes");
        presence.close();
        assertThatThrownBy(() -> presence.join("x", null)).hasMessageContaining("was closed");
    }
}
