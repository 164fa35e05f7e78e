package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.cli.Cli;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dry runs on a real node, over what it has kept, beside what runs. */
class DryRunNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ORDERS = 40;
    private static final Instant FIRST = Instant.parse("2024-03-01T00:00:00Z");
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses:
              - {match: orders, publish: anyone, history: anyone, keep: {events: 100000}}
              - {match: customers, publish: anyone, keep: latest}
              - {match: large, history: anyone, keep: {events: 100000}}
              - {match: live, publish: anyone, subscribe: anyone}
              - {match: "parts.{part}", publish: anyone, keep: {events: 100}}
            """.formatted(Tokens.SECRET);
    private static final String LARGE = """
            flow: large-orders
            from: orders
            stages:
              - dedupe: {by: event.data.n, within: 365d}
              - filter: event.data.total >= 100
            to: large
            """;

    @TempDir
    static Path home;

    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        Path folder = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(folder.resolve("large.yaml"), LARGE);
        node = TestNode.start(home, YAML);
        List<Future<?>> published = new ArrayList<>();
        for (int n = 0; n < ORDERS; n++) {
            published.add(publish(
                    "orders",
                    "c" + n % 4,
                    FIRST.plusSeconds(n),
                    new JsonObject().put("n", n).put("total", n * 10)));
        }
        Future.all(published).await(30, TimeUnit.SECONDS);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(history("large")).hasSize(30));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Future<?> publish(String address, String key, Instant time, JsonObject data) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set(EventHeaders.SUBJECT, key)
                .set(EventHeaders.TIME, EventHeaders.formatTime(time));
        return Objects.requireNonNull(Publisher.of(node.vertx()))
                .publish(Origin.node("test"), address, headers, data, 0);
    }

    private static List<JsonObject> history(String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(node.url("/v1/addresses/" + address + "/events?limit=1000")))
                .build();
        return list(new JsonObject(send(request).body()).getJsonArray("events"));
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static List<JsonObject> list(JsonArray all) {
        return all.stream().map(JsonObject.class::cast).toList();
    }

    private static String token(String... roles) {
        return Tokens.hs256(Tokens.claims("ann", 600).put("roles", new JsonArray(List.of(roles))));
    }

    private static HttpResponse<String> post(String query, String text, String... roles) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(node.url("/v1/flows/dry-run" + query)))
                .header("authorization", "Bearer " + token(roles))
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build());
    }

    private static JsonObject run(String query, String text) throws Exception {
        HttpResponse<String> answer = post(query, text, "operator");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static JsonObject counts(JsonObject difference) {
        JsonObject counts = difference.copy();
        counts.remove("changes");
        return counts;
    }

    private static JsonObject difference(String with, int same, int changed, int added, int removed) {
        return new JsonObject()
                .put("comparedWith", with)
                .put("same", same)
                .put("changed", changed)
                .put("added", added)
                .put("removed", removed);
    }

    @Test
    void aCandidateGoesThroughThePastBesideTheVersionThatRunsWithoutAnyEffect() throws Exception {
        List<Object> heard = new CopyOnWriteArrayList<>();
        for (String address : List.of("live", "large", "weir.dead-letters")) {
            node.vertx()
                    .eventBus()
                    .consumer(address, message -> heard.add(message.body()))
                    .completion()
                    .await(30, TimeUnit.SECONDS);
        }
        String candidate = LARGE.replace(">= 100", ">= 200")
                .replace(
                        "to: large",
                        "  - map: {n: event.data.n, total: 'event.data.n == 30 ? event.data.nothing : event.data.total + 1'}\nto: [large, live]");
        JsonObject told = run("?since=2024-03-01T00:00:00Z&show=5", candidate);
        assertThat(told.getString("flow")).isEqualTo("large-orders");
        assertThat(told.getInteger("events")).isEqualTo(ORDERS);
        assertThat(told.getBoolean("complete")).isTrue();
        assertThat(told.getString("begin")).isEqualTo(FIRST.toString());
        JsonObject now = told.getJsonObject("candidate");
        assertThat(now.getInteger("emitted")).isEqualTo(38);
        assertThat(now.getJsonObject("to"))
                .isEqualTo(new JsonObject().put("large", 19).put("live", 19));
        assertThat(now.getJsonObject("stages").getJsonObject("filter").getInteger("dropped"))
                .isEqualTo(20);
        assertThat(now.getJsonArray("emissions")).hasSize(5);
        assertThat(list(now.getJsonArray("deadLetters"))).singleElement().satisfies(dead -> assertThat(
                        dead.getJsonObject("data").getString("stage"))
                .isEqualTo("map"));
        assertThat(told.getJsonObject("running").getInteger("emitted")).isEqualTo(30);
        JsonObject difference = told.getJsonObject("difference");
        assertThat(counts(difference)).isEqualTo(difference("rehearsed", 0, 19, 20, 11));
        JsonObject first = list(difference.getJsonArray("changes")).get(0);
        assertThat(first.getJsonObject("before").getJsonObject("data"))
                .isEqualTo(new JsonObject().put("n", 20).put("total", 200));
        // Had it emitted anything, that would have come before this.
        publish("live", "barrier", FIRST, new JsonObject().put("barrier", true)).await(30, TimeUnit.SECONDS);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).isNotEmpty());
        assertThat(heard).containsExactly(new JsonObject().put("barrier", true));
        assertThat(history("large")).hasSize(30);
        HttpRequest letters = HttpRequest.newBuilder(URI.create(node.url("/v1/dead-letters")))
                .header("authorization", "Bearer " + token("operator"))
                .build();
        assertThat(new JsonObject(send(letters).body()).getJsonArray("deadLetters"))
                .isEmpty();
        JsonObject again = run("", LARGE);
        assertThat(counts(again.getJsonObject("difference"))).isEqualTo(difference("rehearsed", 30, 0, 0, 0));
        assertThat(again.getJsonObject("difference").getJsonArray("changes")).isEmpty();
    }

    @Test
    void theDifferenceCanBeToWhatWasEmitted() throws Exception {
        JsonObject told =
                run("?compare=emitted", LARGE.replace(">= 100", ">= 200").replace("to: large", "to: [large, live]"));
        assertThat(counts(told.getJsonObject("difference"))).isEqualTo(difference("emitted", 20, 0, 0, 10));
        assertThat(told.getJsonArray("notes").encode()).contains("emitted to [large]");
    }

    @Test
    void operatorsAloneMayTryFlows() throws Exception {
        HttpResponse<String> stranger = send(HttpRequest.newBuilder(URI.create(node.url("/v1/flows/dry-run")))
                .POST(HttpRequest.BodyPublishers.ofString(LARGE))
                .build());
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(post("", LARGE, "user").statusCode()).isEqualTo(403);
    }

    @Test
    void aBadFileIsAnsweredWithEveryProblem() throws Exception {
        String bad = LARGE.replace("- filter: event.data.total >= 100", "- filtr: event.data.total >=")
                .replace("to: large", "to: nowhere");
        HttpResponse<String> answer = post("?file=mine.yaml", bad, "operator");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(list(new JsonObject(answer.body()).getJsonArray("problems"))).anySatisfy(problem -> {
            assertThat(problem.getString("at")).isEqualTo("mine.yaml:5");
            assertThat(problem.getString("mend")).contains("did you mean filter?");
        });
        assertThat(post("", LARGE.replace("to: large", "to: nowhere"), "operator")
                        .body())
                .contains("no policy declares 'nowhere'");
        assertThat(post("", LARGE.replace("to: large", "to: orders"), "operator")
                        .body())
                .contains("events go round");
        assertThat(post("", "", "operator").statusCode()).isEqualTo(422);
    }

    @Test
    void wrongParametersAreAnsweredWithTheirMend() throws Exception {
        for (String query : List.of(
                "?limit=-1",
                "?limit=many",
                "?limit=200001",
                "?since=yesterday",
                "?until=end",
                "?compare=both",
                "?show=x")) {
            assertThat(post(query, LARGE, "operator").statusCode()).as(query).isEqualTo(400);
        }
        assertThat(post("?since=nolog:7", LARGE, "operator").statusCode()).isEqualTo(409);
        HttpResponse<String> live = post("", "flow: x\nfrom: live\nto: large\n", "operator");
        assertThat(live.statusCode()).isEqualTo(400);
        assertThat(live.body()).contains("live has no past");
        assertThat(post("", "flow: dry-run\nfrom: orders\nto: large\n", "operator")
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void whoeverWouldBeAskedIsNot() throws Exception {
        try (OutsideServer server =
                OutsideServer.start((before, request) -> request.response().end("{}"))) {
            String flow = """
                    flow: asking
                    from: orders
                    stages:
                      - filter: event.data.n < 10
                      - call: {url: "%s", as: price}
                    to:
                      - file: out.ndjson
                      - webhook: {url: "%s"}
                    """.formatted(server.url("/price"), server.url("/hook"));
            JsonObject call = run("", flow)
                    .getJsonObject("candidate")
                    .getJsonObject("stages")
                    .getJsonObject("call");
            assertThat(call.getInteger("notCalled")).isEqualTo(10);
            assertThat(call.getInteger("dropped")).isEqualTo(10);
            String instead = flow.replace("as: price", "as: price, fallback: \"0\"");
            JsonObject told = run("", instead).getJsonObject("candidate");
            assertThat(told.getJsonObject("to"))
                    .isEqualTo(new JsonObject().put("file", 10).put("webhook", 10));
            assertThat(told.getInteger("deadLettered")).isZero();
            assertThat(server.asked()).isEmpty();
            assertThat(home.resolve("out.ndjson")).doesNotExist();
        }
    }

    @Test
    void aStretchOfThePastIsRead() throws Exception {
        JsonObject newest = run("?limit=10", LARGE);
        assertThat(newest.getInteger("events")).isEqualTo(10);
        assertThat(newest.getString("begin")).isEqualTo(FIRST.plusSeconds(30).toString());
        JsonObject read = list(newest.getJsonArray("read")).get(0);
        assertThat(read.getString("address")).isEqualTo("orders");
        String from = read.getString("from");
        String to = read.getString("to");
        JsonObject cut = run("?limit=4&since=" + from + "&until=" + to, LARGE);
        assertThat(cut.getInteger("events")).isEqualTo(4);
        assertThat(cut.getString("stoppedBy")).isEqualTo("limit");
        JsonObject more = run("?since=" + list(cut.getJsonArray("read")).get(0).getString("to"), LARGE);
        assertThat(more.getInteger("events")).isEqualTo(6);
        JsonObject nothing = run("?until=2020-01-01T00:00:00Z", LARGE);
        assertThat(nothing.getInteger("events")).isZero();
        assertThat(nothing.getJsonObject("candidate").getInteger("emitted")).isZero();
    }

    @Test
    void timeGoesWithTheEvents() throws Exception {
        JsonObject told = run("", """
                flow: totals
                from: orders
                stages:
                  - window: {every: 10s, by: event.key, compute: {n: count()}}
                to: large
                """);
        assertThat(told.getBoolean("known")).isFalse();
        assertThat(told.containsKey("difference")).isFalse();
        List<JsonObject> emitted = list(told.getJsonObject("candidate").getJsonArray("emissions"));
        assertThat(emitted).hasSize(16);
        assertThat(emitted.get(0).getString("at"))
                .isEqualTo(FIRST.plusSeconds(10).toString());
    }

    @Test
    void severalAddressesAreMergedByTimeAndLookupsAreAsTheyAre() throws Exception {
        Future.all(
                        publish("customers", "c1", FIRST, new JsonObject().put("name", "Ann")),
                        publish("parts.b", "c1", FIRST.plusSeconds(2), new JsonObject().put("n", 2)),
                        publish("parts.a", "c1", FIRST.plusSeconds(1), new JsonObject().put("n", 1)),
                        publish("parts.a", "c2", FIRST.plusSeconds(3), new JsonObject().put("n", 3)))
                .await(30, TimeUnit.SECONDS);
        JsonObject told = run("?since=2024-02-01T00:00:00Z", """
                flow: parts
                from: parts.*
                stages:
                  - enrich: {from: customers, key: event.key, as: who, on-missing: pass}
                to: large
                """);
        assertThat(list(told.getJsonObject("candidate").getJsonArray("emissions")).stream()
                        .map(each -> each.getJsonObject("data")))
                .containsExactly(
                        new JsonObject().put("n", 1).put("who", new JsonObject().put("name", "Ann")),
                        new JsonObject().put("n", 2).put("who", new JsonObject().put("name", "Ann")),
                        new JsonObject().put("n", 3));
        assertThat(told.getJsonArray("notes").encode()).contains("customers is as it is now");
    }

    @Test
    void itSaysWhatStagesWouldForget() throws Exception {
        assertThat(run("?limit=0", LARGE).getJsonArray("forgets")).isEmpty();
        assertThat(run("?limit=0", LARGE.replace("365d", "30d")).getJsonArray("forgets"))
                .containsExactly(new JsonObject()
                        .put("stage", "dedupe")
                        .put("keys", ORDERS)
                        .put("why", "its options changed"));
    }

    @Test
    void checkSaysWhatChangedStagesForget() throws Exception {
        Path changed = Files.createDirectories(home.resolve("changed"));
        Files.writeString(changed.resolve("large.yaml"), LARGE.replace("365d", "30d"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Cli cli = new Cli(Map.of("WEIR_FLOWS_PATH", "changed"), print(out), print(out));
        String conf = home.resolve("conf/weir.yaml").toString();
        assertThat(cli.run(new String[] {"check", "--conf", conf})).isZero();
        String lost = "'dedupe' begins anew, since its options changed: what it remembers of 40 keys is lost";
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("changed/large.yaml:4: flow large-orders: " + lost);
        out.reset();
        String[] beside = {"check", "--conf", conf, "--url", node.url(""), "--token", token("operator")};
        assertThat(cli.run(beside)).as(out.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("changed/large.yaml: flow large-orders: " + lost);
        Files.writeString(changed.resolve("large.yaml"), LARGE);
        out.reset();
        assertThat(cli.run(beside)).isZero();
        assertThat(cli.run(new String[] {"check", "--conf", conf})).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("begins anew");
        assertThat(cli.run(new String[] {"check", "--conf", conf, "--url", node.url(""), "--token", "none"}))
                .isEqualTo(3);
    }

    @Test
    void theCommandShowsTheDifference() throws Exception {
        Path file = Files.writeString(home.resolve("candidate.yaml"), LARGE.replace(">= 100", ">= 390"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Cli cli = new Cli(Map.of("WEIR_URL", node.url(""), "WEIR_TOKEN", token("operator")), print(out), print(err));
        int code = cli.run(
                new String[] {"flows", "dry-run", file.toString(), "--limit", "20", "--since", "1h", "--show", "2"});
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("large-orders: 20 events of orders from ")
                .contains("not all of it: ended by the bound of limit")
                .contains("emits 0")
                .contains("0 the same, 0 changed, 0 added, 10 gone")
                .contains("- 2024-03-01T00:00:10Z large message c2 {\"n\":10,\"total\":100}");
        Files.writeString(file, "flow: x\nfrom: orders\nstages: [filtr: 1]\nto: large\n");
        assertThat(cli.run(new String[] {"flows", "dry-run", file.toString()})).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(file + ":3: ").contains("did you mean filter?");
    }

    private static PrintStream print(ByteArrayOutputStream into) {
        return new PrintStream(into, true, StandardCharsets.UTF_8);
    }
}
