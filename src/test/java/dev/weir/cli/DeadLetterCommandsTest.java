package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.emitter.Subscription;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code weir dead-letters ...} as an operator types it, against a real node with some dead letters. */
class DeadLetterCommandsTest {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses:
              - {match: orders, publish: anyone, max-size: 100, keep: {events: 1000}}
              - {match: letters, publish: anyone, keep: {events: 1000}}
            subscriptions:
              - {name: billing, from: [orders], consume: role:billing}
              - {name: mail, from: [letters], consume: role:billing}
            """.formatted(Tokens.SECRET);
    private static final String OPERATOR =
            Tokens.hs256(Tokens.claims("eve", 60).put("roles", new JsonArray().add("operator")));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path home;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.start(home, YAML);
        reject("billing");
        reject("mail");
        for (int n = 1; n <= 5; n++) {
            publish("orders", "paid", n);
        }
        publish("letters", "sent", 6);
        await().until(() -> lines("dead-letters list").size() == 6);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** Its consumers reject everything. */
    private void reject(String subscription) {
        node.vertx()
                .runOnContext(now -> Subscription.of(node.vertx(), subscription).consume(delivery -> {
                    JsonObject data = (JsonObject)
                            java.util.Objects.requireNonNull(delivery.event().data());
                    return data.containsKey("mended")
                            ? Future.succeededFuture()
                            : Future.failedFuture(new Subscription.Rejected("no luck"));
                }));
    }

    private void publish(String address, String type, int n) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(node.url("/v1/addresses/" + address + "/events?type=" + type)))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"n\":" + n + "}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(201);
    }

    private int run(String token, String... words) {
        out.reset();
        err.reset();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream complain = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Cli(Map.of("WEIR_URL", node.url(""), "WEIR_TOKEN", token), print, complain).run(words);
    }

    private List<JsonObject> lines(String line) {
        assertThat(run(OPERATOR, line.split(" "))).as("%s: %s", line, err).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().map(JsonObject::new).toList();
    }

    private static List<String> ids(List<JsonObject> letters) {
        return letters.stream().map(each -> each.getString("id")).toList();
    }

    @Test
    void theyAreListedSearchedAndShown() {
        assertThat(lines("dead-letters list --limit 2")).hasSize(2);
        List<JsonObject> billing = lines("dead-letters list --subscription billing --reason rejected --type paid");
        assertThat(billing).hasSize(5);
        JsonObject letter = billing.get(0);
        assertThat(letter.getString("hop")).isEqualTo("subscription billing");
        assertThat(letter.getInteger("attempts")).isEqualTo(1);
        JsonObject failure = letter.getJsonArray("failures").getJsonObject(0);
        assertThat(failure.getString("error")).isEqualTo("no luck");
        assertThat(failure.getString("time")).endsWith("Z");
        assertThat(ids(lines("dead-letters search \"n\":6"))).hasSize(1);
        assertThat(lines("dead-letters search nothing-like-it")).isEmpty();
        assertThat(lines("dead-letters show " + letter.getString("id"))).containsExactly(letter);
    }

    @Test
    void theyAreCountedByKindAndFoundByIt() {
        List<JsonObject> groups = lines("dead-letters groups --since 1h");
        assertThat(groups).hasSize(2);
        JsonObject most = groups.get(0);
        assertThat(most.getString("subscription")).isEqualTo("billing");
        assertThat(most.getString("error")).isEqualTo("no luck");
        assertThat(most.getInteger("count")).isEqualTo(5);
        List<String> found = ids(lines("dead-letters list --subscription billing --until "
                + EventHeaders.formatTime(Instant.now().plusSeconds(60))));
        assertThat(found).hasSize(5).contains(most.getString("sample"));
        assertThat(run(OPERATOR, "dead-letters", "list", "--error", "no luck")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(6);
        assertThat(lines("dead-letters list --error other")).isEmpty();
        assertThat(lines("dead-letters groups --until 1h")).isEmpty();
        assertThat(lines("dead-letters groups --text \"n\":6")).hasSize(1);
    }

    @Test
    void theyAreEditedReplayedAndDiscarded() {
        String mail = ids(lines("dead-letters list --address letters")).get(0);
        assertThat(lines("dead-letters edit " + mail + " --data {\"mended\":true}")
                        .get(0)
                        .getJsonObject("event")
                        .getJsonObject("data")
                        .getBoolean("mended"))
                .isTrue();
        assertThat(lines("dead-letters replay " + mail).get(0).getInteger("replayed"))
                .isEqualTo(1);
        String first = ids(lines("dead-letters list --address orders")).get(4);
        lines("dead-letters replay " + first + " --data {\"mended\":1}");
        await().until(() -> lines("dead-letters list").size() == 4);

        String big = "{\"x\":\"" + "x".repeat(100) + "\"}";
        String second = ids(lines("dead-letters list")).get(3);
        assertThat(run(OPERATOR, "dead-letters", "edit", second, "--data", big)).isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("too_large");

        assertThat(lines("dead-letters discard " + second).get(0).getInteger("discarded"))
                .isEqualTo(1);
        assertThat(lines("dead-letters discard --subscription billing --limit 2")
                        .get(0)
                        .getInteger("discarded"))
                .isEqualTo(2);
        assertThat(lines("dead-letters list")).hasSize(1);
    }

    /** They are rejected again, so that those that were replayed are there again under other ids. */
    @Test
    void manyAreReplayedAtARate() {
        List<String> before = ids(lines("dead-letters list --subscription billing"));
        assertThat(lines("dead-letters replay --subscription billing --rate 500/s")
                        .get(0)
                        .getInteger("replayed"))
                .isEqualTo(5);
        await().untilAsserted(() -> assertThat(ids(lines("dead-letters list --subscription billing")))
                .hasSize(5)
                .doesNotContainAnyElementsOf(before));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dead-letters                                   | 2 | expected one of list, groups, show
            dead-letters frob                              | 2 | expected one of list, groups, show
            dead-letters list b-1                          | 2 | did not expect
            dead-letters list --limit 0                    | 2 | --limit is
            dead-letters show                              | 2 | expected the ids
            dead-letters edit b-1 --data {broken           | 2 | is not JSON
            dead-letters discard                           | 2 | say which
            dead-letters discard b-1 --subscription x      | 2 | either ids or a filter
            dead-letters replay                            | 2 | say which
            dead-letters replay --type paid --data 1       | 2 | one by one
            dead-letters replay --type paid --rate fast    | 2 | --rate
            dead-letters show b-1                          | 3 | not_found
            dead-letters replay b-1                        | 3 | not_found
            """)
    void whatIsWrongIsSaid(String line, int code, String message) {
        assertThat(run(OPERATOR, line.trim().split(" "))).isEqualTo(code);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(message);
    }

    @Test
    void anEmptyIdIsNoFilter() {
        assertThat(run(OPERATOR, "dead-letters", "discard", "")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("an id is empty");
    }

    /** Each line of the page, with ids that are there, does what it says. */
    @Test
    void thePageSaysWhatWorks() throws IOException {
        assertThat(run(Tokens.hs256(Tokens.claims("eve", 60)), "dead-letters", "list"))
                .isEqualTo(3);
        List<String> documented = Files.readString(Path.of("docs/subscriptions.md"))
                .lines()
                .filter(line -> line.startsWith("scripts/weir dead-letters "))
                .toList();
        assertThat(documented).hasSizeGreaterThan(7);
        for (String line : documented) {
            String command = line.replaceFirst(" +#.*", "").replaceFirst("scripts/weir ", "");
            // Those that were replayed are rejected again, in a while.
            String some = await().until(() -> ids(lines("dead-letters list --limit 1")), found -> !found.isEmpty())
                    .get(0);
            String real = Pattern.compile("\\b4fk2m8qz-\\w+").matcher(command).replaceAll(some);
            List<String> words = Pattern.compile("'([^']*)'|(\\S+)")
                    .matcher(real)
                    .results()
                    .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                    .toList();
            assertThat(run(OPERATOR, new ArrayList<>(words).toArray(String[]::new)))
                    .as("%s: %s", line, err)
                    .isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).as(line).startsWith("{");
        }
    }
}
