package dev.weir.edge.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of several addresses that come back, and streams of certain types only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SseResumeTest {
    private static final String CONF = """
            http: {heartbeat: 1s, registrations-per-session: 1000}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 1000}}
              - {match: "log.{name}", publish: anyone, subscribe: anyone, history: anyone, keep: {events: 1000}}
              - {match: short, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 2}}
              - {match: prices, publish: anyone, subscribe: anyone, history: anyone, keep: latest}
              - {match: news, publish: anyone, subscribe: anyone}
            """;

    /** A block of a stream. */
    private record Block(String id, String event, JsonObject data) {
        static Block of(String text) {
            Map<String, String> fields = text.lines()
                    .filter(line -> line.indexOf(": ") > 0)
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.indexOf(": ")),
                            line -> line.substring(line.indexOf(": ") + 2)));
            String data = fields.get("data");
            return new Block(fields.get("id"), fields.get("event"), data == null ? null : new JsonObject(data));
        }

        boolean isEvent() {
            return data != null && data.containsKey("specversion");
        }

        String what() {
            return data.getString("weiraddress") + " " + data.getValue("data");
        }
    }

    private TestNode node;
    private Vertx clients;

    @BeforeAll
    void start(@TempDir Path home) {
        node = TestNode.start(home, CONF);
        clients = Vertx.vertx();
    }

    @AfterAll
    void stop() {
        clients.close();
        node.close();
    }

    private SseStream open(String query, String lastId) throws Exception {
        Map<String, String> headers = lastId == null ? Map.of() : Map.of("last-event-id", lastId);
        SseStream stream = SseStream.open(clients, node.port(), "/v1/stream?" + query, headers);
        await().until(() -> stream.status() != 200 || stream.text().contains("retry: "));
        return stream;
    }

    private String publish(String address, String type, Object data) throws Exception {
        Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("ce-type", type);
        var receipt = publisher
                .publish(Origin.node("test"), address, headers, data, 10)
                .await(30, java.util.concurrent.TimeUnit.SECONDS);
        return receipt.kept() == null ? receipt.id() : receipt.kept().toString();
    }

    private static List<Block> blocks(SseStream stream) {
        String text = stream.text();
        List<Block> blocks = new ArrayList<>();
        int from = 0;
        for (int end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n", from)) {
            blocks.add(Block.of(text.substring(from, end)));
            from = end + 2;
        }
        return blocks;
    }

    private static List<Block> events(SseStream stream, int count) {
        await().until(() -> blocks(stream).stream().filter(Block::isEvent).count() >= count);
        return blocks(stream).stream().filter(Block::isEvent).toList();
    }

    private static List<String> whats(SseStream stream, int count) {
        return events(stream, count).stream().map(Block::what).toList();
    }

    private static Map<String, String> begun(SseStream stream) {
        return blocks(stream).stream()
                .filter(block -> "weir-registered".equals(block.event))
                .collect(Collectors.toMap(
                        block -> block.data.getString("address"),
                        block -> block.data.getBoolean("recovered") + " " + block.data.getString("reason")));
    }

    private static String lastId(SseStream stream) {
        return blocks(stream).stream()
                .map(Block::id)
                .filter(Objects::nonNull)
                .reduce((before, after) -> after)
                .orElseThrow();
    }

    @Test
    void eachAddressGoesOnWhereItWas() throws Exception {
        String query = "address=log.a&address=news&address=log.b";
        String id;
        try (SseStream stream = open(query, null)) {
            publish("log.a", "t", 1);
            publish("news", "t", "plain");
            publish("log.b", "t", 1);
            publish("log.a", "t", 2);
            List<Block> events = events(stream, 4);
            assertThat(events).extracting(Block::what).contains("log.a 1", "news plain", "log.b 1", "log.a 2");
            assertThat(events).allMatch(event -> event.id.matches("log\\.a=\\w+:\\d+,log\\.b=\\w+:\\d+"));
            id = lastId(stream);
        }
        publish("log.b", "t", 2);
        publish("log.a", "t", 3);
        publish("log.b", "t", 3);
        try (SseStream stream = open(query, id)) {
            assertThat(begun(stream)).isEqualTo(Map.of("log.a", "true null", "log.b", "true null"));
            assertThat(whats(stream, 3)).containsExactlyInAnyOrder("log.b 2", "log.a 3", "log.b 3");
            publish("log.a", "t", 4);
            assertThat(whats(stream, 4)).last().isEqualTo("log.a 4");
        }
    }

    /** A connection may break after any event, and the id of that one must be enough. */
    @Test
    void everyIdOnTheWayIsAPlaceToGoOnFrom() throws Exception {
        String query = "address=log.c&address=log.d";
        try (SseStream whole = open(query, null)) {
            for (int i = 0; i < 20; i++) {
                publish(i % 3 == 0 ? "log.c" : "log.d", "t", i);
            }
            List<Block> events = events(whole, 20);
            for (int cut = 0; cut < 20; cut += 3) {
                try (SseStream stream = open(query, events.get(cut).id)) {
                    assertThat(whats(stream, 19 - cut))
                            .containsExactlyInAnyOrderElementsOf(events.subList(cut + 1, 20).stream()
                                    .map(Block::what)
                                    .toList());
                }
            }
        }
    }

    @Test
    void aClientThatLeftBeforeTheFirstEventMissesNothing() throws Exception {
        String id;
        try (SseStream stream = open("address=log.e", null)) {
            id = lastId(stream);
        }
        publish("log.e", "t", 1);
        try (SseStream stream = open("address=log.e", id)) {
            assertThat(whats(stream, 1)).containsExactly("log.e 1");
        }
    }

    /** As a page must, and what stands in for EventSource does. */
    @Test
    void theIdMayStandInTheQuery() throws Exception {
        String first = publish("log.z", "t", 1);
        publish("log.z", "t", 2);
        try (SseStream stream = open("address=log.z&lastEventId=" + first, null)) {
            assertThat(begun(stream)).isEqualTo(Map.of("log.z", "true null"));
            assertThat(whats(stream, 1)).containsExactly("log.z 2");
        }
        try (SseStream stream = open("address=log.z&lastEventId=oops", first)) {
            assertThat(whats(stream, 1)).containsExactly("log.z 2");
        }
    }

    @Test
    void whatCannotGoOnIsToldPerAddressAndTheOthersDo() throws Exception {
        publish("short", "t", 0);
        String query = "address=log.f&address=short";
        String id;
        try (SseStream stream = open(query, null)) {
            publish("log.f", "t", 1);
            events(stream, 1);
            id = lastId(stream);
        }
        for (int i = 1; i < 9; i++) {
            publish("short", "t", i);
        }
        publish("log.f", "t", 2);
        try (SseStream stream = open(query, id)) {
            assertThat(begun(stream)).isEqualTo(Map.of("log.f", "true null", "short", "false trimmed"));
            assertThat(whats(stream, 1)).containsExactly("log.f 2");
        }
    }

    @Test
    void onePositionAloneIsStillUnderstood() throws Exception {
        String position = publish("log.g", "t", 1);
        publish("log.g", "t", 2);
        publish("log.h", "t", 1);
        try (SseStream stream = open("address=log.g&address=log.h", position)) {
            assertThat(begun(stream)).isEqualTo(Map.of("log.g", "true null", "log.h", "false epoch_changed"));
            assertThat(whats(stream, 1)).containsExactly("log.g 2");
        }
    }

    @Test
    void anIdThatIsBrokenIsToldForEveryAddress() throws Exception {
        publish("log.i", "t", 1);
        try (SseStream stream = open("address=log.i&address=orders", "log.i=oops,orders=x:1")) {
            assertThat(begun(stream))
                    .isEqualTo(Map.of("log.i", "false invalid_parameter", "orders", "false invalid_parameter"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oops", "e1:", "e1:1x", "4fk2m8qz-3"})
    void anIdOfOneAddressThatIsNoPositionIsTold(String id) throws Exception {
        publish("log.j", "t", 1);
        try (SseStream stream = open("address=log.j", id)) {
            assertThat(begun(stream)).isEqualTo(Map.of("log.j", "false invalid_parameter"));
        }
        try (SseStream stream = open("address=news", id)) {
            assertThat(begun(stream)).isEmpty();
        }
    }

    @Test
    void whereTheNewestOfEachKeyIsKeptABrokenIdBeginsWithAllOfThem() throws Exception {
        publish("prices", "t", 1);
        for (String query : List.of("address=prices", "address=prices&address=news")) {
            try (SseStream stream = open(query, "prices=oops")) {
                assertThat(begun(stream)).isEqualTo(Map.of("prices", "false invalid_parameter"));
                assertThat(whats(stream, 1)).containsExactly("prices 1");
            }
        }
    }

    @Test
    void onlyTheTypesThatAreWantedCome() throws Exception {
        try (SseStream stream = open("address=news&type=good&type=fine", null)) {
            for (String type : List.of("good", "bad", "fine", "goods", "good")) {
                publish("news", type, type);
            }
            assertThat(whats(stream, 3)).containsExactly("news good", "news fine", "news good");
        }
    }

    @Test
    void whoWantsNoneOfWhatCameStillKnowsWhereToGoOn() throws Exception {
        String last;
        try (SseStream stream = open("address=log.j&type=rare", null)) {
            publish("log.j", "rare", 1);
            publish("log.j", "often", 2);
            last = publish("log.j", "often", 3);
            assertThat(whats(stream, 1)).containsExactly("log.j 1");
            String position = last;
            await().until(() -> lastId(stream).equals(position));
            assertThat(blocks(stream)).filteredOn(Block::isEvent).hasSize(1);
        }
        publish("log.j", "often", 4);
        publish("log.j", "rare", 5);
        try (SseStream stream = open("address=log.j&type=rare", last)) {
            assertThat(whats(stream, 1)).containsExactly("log.j 5");
        }
    }

    /** Whoever may publish chooses the id of an event, but not where others go on. */
    @Test
    void anIdThatLooksLikeAPositionMovesNobody() throws Exception {
        String position = publish("log.k", "t", 1);
        String epoch = position.substring(0, position.indexOf(':'));
        try (SseStream stream = open("address=log.k&address=news&address=log.*", null)) {
            for (String address : List.of("news", "log.k", "log.l")) {
                MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("ce-id", epoch + ":777");
                Objects.requireNonNull(Publisher.of(node.vertx()))
                        .publish(Origin.node("test"), address, headers, "forged", 10);
            }
            publish("news", "t", "last");
            assertThat(events(stream, 5))
                    .allMatch(event -> event.id.matches("log\\.k=" + epoch + ":[12]"), "the id is that of the log");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "address=news&type=, type is empty",
        "address=news&type=a&type=, type is empty",
        "MANY TYPES, at most 100 types",
        "MANY ADDRESSES, several streams"
    })
    void whatIsWrongIsRefused(String query, String words) throws Exception {
        String types = IntStream.range(0, 101).mapToObj(i -> "&type=t" + i).collect(Collectors.joining());
        String logs =
                IntStream.range(0, 100).mapToObj(i -> "&address=log.a" + i).collect(Collectors.joining());
        String sent = query.replace("MANY TYPES", "address=news" + types).replace("MANY ADDRESSES", logs.substring(1));
        try (SseStream stream = open(sent, null)) {
            await().until(stream::ended);
            assertThat(stream.status()).isEqualTo(400);
            JsonObject problem = new JsonObject(stream.text());
            assertThat(problem.getString("code")).isEqualTo("invalid_parameter");
            assertThat(problem.getString("detail")).contains(words);
        }
    }

    @Test
    void historyIsReadByType() throws Exception {
        for (int i = 0; i < 2_500; i++) {
            Objects.requireNonNull(Publisher.of(node.vertx()))
                    .publish(
                            Origin.node("test"),
                            "orders",
                            MultiMap.caseInsensitiveMultiMap().add("ce-type", i % 400 == 0 ? "rare" : "often"),
                            i,
                            10);
        }
        publish("orders", "often", "last");
        JsonObject first = get("?type=rare&limit=2");
        assertThat(data(first)).containsExactly(1600, 2000);
        assertThat(data(get("?type=rare&type=none&limit=2&since=" + first.getString("next"))))
                .containsExactly(2400);
        JsonObject none = get("?type=none");
        assertThat(data(none)).isEmpty();
        assertThat(none.getString("next")).endsWith(":2501");
        assertThat(none.getLong("from")).isEqualTo(1501);
    }

    private JsonObject get(String query) throws Exception {
        try (SseStream answer = SseStream.open(clients, node.port(), "/v1/addresses/orders/events" + query, Map.of())) {
            await().until(answer::ended);
            assertThat(answer.status()).isEqualTo(200);
            return new JsonObject(answer.text());
        }
    }

    private static List<Object> data(JsonObject page) {
        return page.getJsonArray("events").stream()
                .map(event -> ((JsonObject) event).getValue("data"))
                .toList();
    }
}
