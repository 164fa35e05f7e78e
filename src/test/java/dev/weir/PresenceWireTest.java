package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Presence as clients of the bridge, of streams and of HTTP see it. */
class PresenceWireTest {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final String CONF = "auth: {jwt: {secret: '" + Tokens.SECRET + "', leeway: 0s}}\n" + """
            presence: {grace: 1s, max-data: 32B, members: 5, addresses-per-session: 3}
            addresses:
              - {match: "chat.{room}", publish: anyone, subscribe: anyone, presence: anyone}
              - {match: plain, publish: anyone, subscribe: anyone}
              - {match: team, subscribe: anyone, presence: signed-in}
              - {match: deaf, subscribe: nobody, presence: anyone}
            """;

    @TempDir
    static Path home;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, CONF, Map.of("WEIR_HTTP_LOOPS", "2"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static BridgeClient client() {
        return BridgeClient.connect(node.port());
    }

    private static BridgeClient signedIn(String sub) {
        return signedIn(node, sub, 600);
    }

    private static BridgeClient signedIn(TestNode to, String sub, long seconds) {
        String token = Tokens.hs256(Tokens.claims(sub, seconds));
        return BridgeClient.connect(to.port(), "/eventbus/websocket?access_token=" + token);
    }

    private static JsonObject register(String address, String... headers) {
        JsonObject all = new JsonObject();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return BridgeClient.frame("register", address).put("headers", all);
    }

    private static JsonObject join(String address, String data) {
        return register(address, "weir-presence", "join", "weir-presence-data", data);
    }

    /** Joins and reads up to the list. */
    private static JsonObject joined(BridgeClient client, String address, String data) {
        client.send(join(address, data));
        JsonObject answer = client.next();
        assertThat(answer.getString("type")).as(answer.encode()).isEqualTo("registered");
        return list(client);
    }

    private static JsonObject list(BridgeClient client) {
        JsonObject list = client.next();
        assertThat(list.getString("type")).as(list.encode()).isEqualTo("presence");
        assertThat(list.containsKey("members")).as(list.encode()).isTrue();
        return list;
    }

    private static String ids(JsonObject list) {
        return list.getJsonArray("members").stream()
                .map(member -> ((JsonObject) member).getString("id"))
                .sorted()
                .toList()
                .toString();
    }

    /** The one change that the next frame tells. */
    private static String change(BridgeClient client) {
        JsonObject frame = client.next();
        JsonArray changes = frame.getJsonArray("changes");
        assertThat(changes).as(frame.encode()).hasSize(1);
        JsonObject change = changes.getJsonObject(0);
        JsonObject member = change.getJsonObject("member");
        return change.getString("type") + " " + member.getString("id") + " " + member.getValue("data") + " of "
                + frame.getInteger("count");
    }

    private static JsonObject get(String path) throws Exception {
        return new JsonObject(HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(node.url(path))).build(), BodyHandlers.ofString())
                .body());
    }

    @Test
    void comingAndGoingIsToldToWhoAskedAndToNobodyElse() throws Exception {
        try (BridgeClient watcher = client();
                BridgeClient stock = client()) {
            stock.register("chat.a");
            watcher.send(register("chat.a", "weir-presence", "watch"));
            assertThat(watcher.next().getString("type")).isEqualTo("registered");
            assertThat(list(watcher).getInteger("count")).isZero();
            BridgeClient ann = signedIn("ann");
            JsonObject list = joined(ann, "chat.a", "{\"name\":\"Ann\"}");
            assertThat(ids(list)).isEqualTo("[ann]");
            assertThat(list.getBoolean("truncated")).isFalse();
            JsonObject self = list.getJsonArray("members").getJsonObject(0);
            assertThat(self.getJsonObject("data").getString("name")).isEqualTo("Ann");
            assertThat(self.containsKey("anonymous")).isFalse();
            assertThat(self.getString("since")).endsWith("Z");
            assertThat(change(watcher)).isEqualTo("join ann {\"name\":\"Ann\"} of 1");
            BridgeClient secondTab = signedIn("ann");
            joined(secondTab, "chat.a", "{\"name\":\"Ann\"}");
            assertThat(watcher.poll(Duration.ofMillis(100))).isNull();
            assertThat(get("/v1/addresses/chat.a/presence")
                            .getJsonArray("members")
                            .getJsonObject(0)
                            .getInteger("sessions"))
                    .isEqualTo(2);
            ann.send(join("chat.a", "{\"name\":\"Anne\"}").put("replyAddress", "r1"));
            assertThat(ann.next())
                    .isEqualTo(new JsonObject()
                            .put("type", "rec")
                            .put("address", "r1")
                            .put("body", new JsonObject().put("id", "ann")));
            assertThat(change(watcher)).isEqualTo("update ann {\"name\":\"Anne\"} of 1");
            ann.close();
            secondTab.send(BridgeClient.frame("unregister", "chat.a"));
            assertThat(change(watcher)).isEqualTo("leave ann {\"name\":\"Anne\"} of 0");
            secondTab.close();
            assertThat(stock.isQuiet()).isTrue();
        }
    }

    @Test
    void whoReconnectsWithinTheGraceIsNotSeenToLeave() throws Exception {
        int n = 0;
        while (!comesBack("chat.grace" + n)) {
            // The machine took longer than the grace.
            n++;
        }
    }

    /** Leaves and comes back; whether that was within the grace, in which case it was looked after what was told. */
    private static boolean comesBack(String room) throws Exception {
        try (BridgeClient watcher = client()) {
            watcher.send(register(room, "weir-presence", "watch"));
            watcher.next();
            list(watcher);
            BridgeClient first = client();
            first.send(register(room, "weir-presence", "join", "weir-presence-key", "my own secret"));
            first.next();
            String id = list(first).getJsonArray("members").getJsonObject(0).getString("id");
            assertThat(id).startsWith("~").doesNotContain("secret");
            assertThat(change(watcher)).startsWith("join " + id);
            BridgeClient second = client();
            long begin = System.nanoTime();
            first.close();
            second.send(register(room, "weir-presence", "join", "weir-presence-key", "my own secret"));
            second.next();
            String there = ids(list(second));
            boolean inTime = System.nanoTime() - begin < GRACE.toNanos();
            second.close();
            if (inTime) {
                assertThat(there).isEqualTo("[" + id + "]");
                JsonObject left = watcher.next();
                assertThat(left.getJsonArray("changes").getJsonObject(0).getString("type"))
                        .isEqualTo("leave");
                assertThat(get("/v1/addresses/" + room + "/presence").encode())
                        .isEqualTo("{\"address\":\"" + room + "\",\"count\":0,\"members\":[],\"truncated\":false}");
            }
            return inTime;
        }
    }

    @Test
    void presenceEndsOnItsOwnAndBecomesWatching() throws Exception {
        try (BridgeClient watcher = client();
                BridgeClient bob = signedIn("bob")) {
            joined(bob, "chat.ends", "1");
            watcher.send(register("chat.ends", "weir-presence", "watch"));
            watcher.next();
            list(watcher);
            bob.send(register("chat.ends", "weir-presence", "watch"));
            assertThat(change(watcher)).isEqualTo("leave bob 1 of 0");
            assertThat(change(bob)).isEqualTo("leave bob 1 of 0");
            bob.send(register("chat.ends", "weir-presence", "none"));
            watcher.send(join("chat.ends", "2"));
            assertThat(change(watcher)).startsWith("join ~");
            assertThat(bob.isQuiet()).isTrue();
            watcher.send(BridgeClient.frame("publish", "chat.ends").put("body", "still here"));
            assertThat(bob.next().getString("body")).isEqualTo("still here");
        }
    }

    @Test
    void whereManyAreOnlyTheirNumberIsTold() throws Exception {
        List<BridgeClient> many = new java.util.ArrayList<>();
        try (BridgeClient watcher = client()) {
            watcher.send(register("chat.many", "weir-presence", "watch"));
            watcher.next();
            list(watcher);
            for (int n = 0; n < 8; n++) {
                BridgeClient each = client();
                many.add(each);
                each.send(join("chat.many", "" + n));
            }
            JsonObject frame = watcher.next();
            while (frame.getInteger("count") < 8) {
                frame = watcher.next();
            }
            assertThat(frame.encode())
                    .isEqualTo("{\"type\":\"presence\",\"address\":\"chat.many\",\"count\":8,\"truncated\":true}");
            JsonObject list = get("/v1/addresses/chat.many/presence");
            assertThat(list.getInteger("count")).isEqualTo(8);
            assertThat(list.getBoolean("truncated")).isTrue();
            assertThat(list.getJsonArray("members")).hasSize(5);
            assertThat(get("/v1/addresses/chat.many/presence?limit=0").getJsonArray("members"))
                    .isEmpty();
            for (int n = 0; n < 4; n++) {
                many.get(n).send(BridgeClient.frame("unregister", "chat.many"));
            }
            while (!frame.containsKey("members")) {
                frame = watcher.next();
            }
            assertThat(frame.getJsonArray("members")).hasSize(frame.getInteger("count"));
        } finally {
            many.forEach(BridgeClient::close);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chat.b | weir-presence=dance                            | invalid_parameter | weir-presence is join, watch or none
            chat.b | weir-presence-data=1                           | invalid_parameter | weir-presence is missing: say join, watch or none
            chat.b | weir-presence=join;weir-presence-data={x       | invalid_parameter | weir-presence-data is not JSON
            chat.b | weir-presence=join;weir-presence-data="0123456789012345678901234567890" | too_large | weir-presence-data has more than 32 bytes
            chat.b | weir-presence=join;weir-presence-key=          | invalid_parameter | weir-presence-key has 1 to 128 characters
            chat.* | weir-presence=join                             | invalid_parameter | nobody is on a pattern: name an address
            plain  | weir-presence=join                             | access_denied     | no permission
            plain  | weir-presence=watch                            | access_denied     | no permission
            team   | weir-presence=join                             | not_logged_in     | a valid token is needed
            deaf   | weir-presence=join                             | access_denied     | no permission
            """)
    void aWrongWishIsRefusedAndChangesNothing(String address, String headers, String code, String message) {
        try (BridgeClient client = client()) {
            JsonObject frame = register(address);
            for (String header : headers.trim().split(";", -1)) {
                String[] parts = header.split("=", 2);
                frame.getJsonObject("headers").put(parts[0], parts[1]);
            }
            JsonObject refused = client.send(frame).next();
            assertThat(refused.getString("type")).isEqualTo("err");
            assertThat(refused.getString("address")).isEqualTo(address);
            assertThat(refused.getString("failureType")).isEqualTo(code);
            assertThat(refused.getString("message")).isEqualTo(message);
            client.send(BridgeClient.frame("publish", address).put("body", 1));
            JsonObject next = client.poll(Duration.ofMillis(100));
            assertThat(next == null || next.getString("type").equals("err"))
                    .as("it is not registered")
                    .isTrue();
        }
    }

    @Test
    void aWrongWishOnARegisteredAddressLeavesItRegistered() {
        try (BridgeClient client = client()) {
            client.register("plain");
            client.send(register("plain", "weir-presence", "join").put("replyAddress", "r"));
            JsonObject refused = client.next();
            assertThat(refused.getString("address")).isEqualTo("r");
            assertThat(refused.getString("failureType")).isEqualTo("access_denied");
            client.send(BridgeClient.frame("publish", "plain").put("body", 1));
            assertThat(client.next().getString("address")).isEqualTo("plain");
            for (int n = 0; n < 3; n++) {
                joined(client, "chat.l" + n, "1");
            }
            client.send(join("chat.l3", "1"));
            JsonObject full = client.next();
            assertThat(full.getString("failureType")).isEqualTo("max_handlers_reached");
            client.send(register("chat.l0", "weir-presence", "none"));
            joined(client, "chat.l3", "1");
        }
    }

    @Test
    void streamsArePresentWhenTheySayThatTheyAre() throws Exception {
        try (BridgeClient watcher = client()) {
            watcher.send(register("chat.sse", "weir-presence", "watch"));
            watcher.next();
            list(watcher);
            String query = "address=chat.sse&presence=join&presence-data=%22hi%22";
            var stream = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(node.url("/v1/stream?" + query)))
                                    .build(),
                            BodyHandlers.ofLines());
            try (Stream<String> lines = stream.body()) {
                assertThat(change(watcher)).startsWith("join ~").endsWith(" hi of 1");
                var told = lines.dropWhile(line -> !line.equals("event: weir-presence"))
                        .limit(2)
                        .toList();
                JsonObject list = new JsonObject(told.get(1).substring("data: ".length()));
                assertThat(list.getInteger("count")).isEqualTo(1);
            }
            assertThat(change(watcher)).startsWith("leave ~");
        }
        var refused = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(node.url("/v1/stream?address=chat.sse&presence=sing")))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("presence is join, watch or none");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/addresses/plain/presence            | access_denied
            /v1/addresses/team/presence             | not_logged_in
            /v1/addresses/nowhere/presence          | unknown_address
            /v1/addresses/chat.x/presence?limit=6   | invalid_parameter
            /v1/addresses/chat.x/presence?limit=-1  | invalid_parameter
            /v1/addresses/chat.x/presence?limit=two | invalid_parameter
            """)
    void overHttpTheSameHolds(String path, String code) throws Exception {
        assertThat(get(path).getString("code")).isEqualTo(code);
    }

    @Test
    void presenceEndsWithTheRight(@TempDir Path folder) throws Exception {
        try (TestNode own = TestNode.start(folder, CONF)) {
            try (Team team = Tokens.inTime(seconds -> {
                BridgeClient eve = signedIn(own, "eve", seconds);
                joined(eve, "team", "1");
                BridgeClient watcher = signedIn(own, "bob", 600);
                watcher.send(register("team", "weir-presence", "watch"));
                watcher.next();
                assertThat(ids(list(watcher))).isEqualTo("[eve]");
                return new Team(eve, watcher);
            })) {
                BridgeClient eve = team.eve;
                BridgeClient watcher = team.watcher;
                assertThat(eve.next().encode())
                        .isEqualTo("{\"type\":\"presence\",\"address\":\"team\",\"ended\":\"not_logged_in\"}");
                assertThat(change(watcher)).startsWith("leave eve");
                Path file = folder.resolve("conf/weir.yaml");
                Files.writeString(file, CONF.replace("presence: signed-in", "presence: nobody"));
                reload(own);
                assertThat(watcher.next().getString("ended")).isEqualTo("access_denied");
                assertThat(watcher.isQuiet()).isTrue();
            }
        }
    }

    private record Team(BridgeClient eve, BridgeClient watcher) implements AutoCloseable {
        @Override
        public void close() {
            eve.close();
            watcher.close();
        }
    }

    private static void reload(TestNode own) throws Exception {
        JsonObject claims = Tokens.claims("op", 600).put("roles", new JsonArray().add("operator"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(own.url("/v1/config/reload")))
                .header("authorization", "Bearer " + Tokens.hs256(claims))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
