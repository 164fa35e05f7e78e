package dev.weir.observe.overview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.LocalAnswers;
import dev.weir.time.VirtualTime;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members of a cluster that come, join, go and come back, on a clock that jumps. */
class NeighboursTest {
    private final VirtualTime clock = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Vertx vertx = Vertx.vertx();
    private final List<String> members = new ArrayList<>(List.of("a"));
    private final List<Promise<List<JsonObject>>> asked = new ArrayList<>();
    private final Neighbours neighbours = new Neighbours(
            clock,
            (question, parameters) -> {
                Promise<List<JsonObject>> answer = Promise.promise();
                asked.add(answer);
                return answer.future();
            },
            () -> List.copyOf(members),
            new LocalAnswers(vertx),
            JsonObject::new);

    @AfterEach
    void close() {
        vertx.close();
    }

    private void answer(String... nodes) {
        List<JsonObject> said = new ArrayList<>();
        for (String node : nodes) {
            said.add(
                    new JsonObject().put("node", node).put("name", node + ":80").put("version", "1"));
        }
        asked.remove(0).complete(said);
    }

    private static List<String> states(JsonArray members) {
        return members.stream()
                .map(JsonObject.class::cast)
                .map(one -> one.getString("node") + " " + one.getString("state"))
                .toList();
    }

    @Test
    void whoJoinsIsAskedUntilTheyAnswerAndThenNoMore() {
        neighbours.look();
        assertThat(states(neighbours.present())).containsExactly("a joining");
        answer("a");
        members.add("b");
        neighbours.look();
        assertThat(states(neighbours.present())).containsExactly("a node", "b joining");
        neighbours.look();
        assertThat(asked).as("one question at a time").hasSize(1);
        answer("a");
        neighbours.look();
        answer("a", "b");
        assertThat(states(neighbours.present())).containsExactly("a node", "b node");
        neighbours.look();
        assertThat(asked).isEmpty();
    }

    @Test
    void aMemberThatNeverAnswersIsAProgramOfSomebodysOwn() {
        members.add("guest");
        neighbours.look();
        answer("a");
        clock.advance(Duration.ofSeconds(61));
        neighbours.look();
        assertThat(asked).isEmpty();
        assertThat(states(neighbours.present())).containsExactly("a node", "guest program");
    }

    @Test
    void aNodeThatTakesLongToStartIsJoiningUntilItServes() {
        members.add("b");
        neighbours.look();
        asked.remove(0)
                .complete(List.of(
                        new JsonObject().put("node", "a").put("version", "1"),
                        new JsonObject().put("node", "b").put("starting", true)));
        clock.advance(Duration.ofMinutes(5));
        neighbours.look();
        assertThat(states(neighbours.present())).containsExactly("a node", "b joining");
        answer("a", "b");
        assertThat(states(neighbours.present())).containsExactly("a node", "b node");
    }

    @Test
    void whoIsGoneIsRememberedForAnHourWithTheirName() {
        members.add("b");
        neighbours.look();
        answer("a", "b");
        members.remove("b");
        clock.advance(Duration.ofSeconds(2));
        neighbours.look();
        assertThat(states(neighbours.present())).containsExactly("a node");
        JsonObject gone = neighbours.gone().getJsonObject(0);
        assertThat(gone.getString("name")).isEqualTo("b:80");
        assertThat(gone.getLong("at")).isEqualTo(clock.millis());
        clock.advance(Duration.ofMinutes(60));
        neighbours.look();
        assertThat(neighbours.gone()).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        neighbours.look();
        assertThat(neighbours.gone()).isEmpty();
    }

    @Test
    void whoComesBackIsNotGoneAndAFailedQuestionIsAskedAgain() {
        members.add("b");
        neighbours.look();
        asked.remove(0).fail("nobody answered");
        members.remove("b");
        neighbours.look();
        assertThat(neighbours.gone()).hasSize(1);
        members.add("b");
        neighbours.look();
        assertThat(neighbours.gone()).isEmpty();
        assertThat(asked).isNotEmpty();
    }

    @Test
    void aClusterThatComesAndGoesIsBounded() {
        for (int i = 0; i < 1_000; i++) {
            members.add("n" + i);
            neighbours.look();
            members.remove("n" + i);
            neighbours.look();
        }
        assertThat(neighbours.gone()).hasSize(100);
        assertThat(neighbours.gone().getJsonObject(99).getString("node")).isEqualTo("n999");
    }
}
