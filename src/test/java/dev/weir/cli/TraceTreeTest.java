package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How what is known of an event is printed. */
class TraceTreeTest {
    private static JsonObject event(String id, String address, String cause) {
        return new JsonObject()
                .put("id", id)
                .put("address", address)
                .put("from", "journal")
                .put("type", "t")
                .put("epoch", "e")
                .put("offset", 1)
                .put("causationid", cause);
    }

    private static JsonObject fact(String event, String kind, String source, String what) {
        return new JsonObject()
                .put("at", "2026-01-02T03:04:05.678Z")
                .put("kind", kind)
                .put("event", event)
                .put("where", "here")
                .put("what", what)
                .put("source", source)
                .put("detail", new JsonObject().put("micros", 1500));
    }

    private static TraceTree tree(JsonArray events, JsonArray facts) {
        return new TraceTree(new JsonObject()
                .put("events", events)
                .put("facts", facts)
                .put("unknown", JsonArray.of(new JsonObject().put("about", "a").put("why", "b"))));
    }

    @Test
    void whatWasCausedIsBelowItsCause() {
        JsonArray events =
                JsonArray.of(event("1", "a", null), event("2", "b", "1"), event("3", "c", "2"), event("4", "d", "1"));
        TraceTree tree = tree(events, JsonArray.of(fact("2", "kept", "journal", "kept")));
        assertThat(tree.lines())
                .containsExactly(
                        "a  t  1  e:1",
                        "+-- b  t  2  e:1",
                        "|   |   2026-01-02T03:04:05.678Z  durable  kept         here: kept  1.500 ms",
                        "|   +-- c  t  3  e:1",
                        "+-- d  t  4  e:1");
        assertThat(tree.unknown()).containsExactly("unknown: a: b");
    }

    @Test
    void whatWasNeverKeptIsShownWithWhatWasRecorded() {
        TraceTree tree = tree(new JsonArray(), JsonArray.of(fact("9", "deliver", "sampled", "deliver")));
        assertThat(tree.isEmpty()).isFalse();
        assertThat(tree.lines().get(0)).isEqualTo("9  (not kept)");
        assertThat(tree.lines().get(1)).contains("sampled");
    }

    @Test
    void circlesEndAndTerminalsAreNotSteered() {
        JsonArray events = JsonArray.of(event("1\u001b[2J", "a", "2"), event("2", "a", "1\u001b[2J"));
        List<String> lines = tree(events, new JsonArray()).lines();
        assertThat(lines).hasSize(2);
        assertThat(String.join("", lines)).doesNotContain("\u001b");
    }

    @Test
    void nothingIsEmpty() {
        assertThat(tree(new JsonArray(), new JsonArray()).isEmpty()).isTrue();
    }
}
