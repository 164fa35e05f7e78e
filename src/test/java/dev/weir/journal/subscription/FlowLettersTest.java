package dev.weir.journal.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bus.Addresses;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.FlowWire;
import dev.weir.bus.Keep;
import dev.weir.bus.Position;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EngineRules;
import dev.weir.journal.flow.EngineFlows;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do to dead letters of flows goes to the nodes that work on them. */
class FlowLettersTest {
    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<FlowCommit.Parked> back = new ArrayList<>();
    private EngineJournal journal;
    private FlowJournal flows;

    @BeforeEach
    void start() throws Exception {
        Keep keep = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
        EngineRules rules = new EngineRules(120_000, 1_000, 1L << 40, address -> keep);
        journal = new EngineJournal(vertx, new SqliteEngine(folder, rules), Clock.system(), kept -> {});
        get(journal.start());
        flows = new EngineFlows(journal, Clock.system(), "node");
        DeadLetterDesk desk = new DeadLetterDesk(vertx, journal, () -> {
            throw new AssertionError("what waits at a stage is no matter of the address's policy");
        });
        vertx.eventBus().<JsonObject>localConsumer(Addresses.DEAD_LETTER_DESK, desk::answer);
        FlowCommit.Place place = new FlowCommit.Place("orders", new Position("e", 7));
        assertThat(get(flows.commit(new FlowCommit(
                        "sums",
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(dead("a", place), dead("b", null))))))
                .isTrue();
    }

    private static FlowCommit.Dead dead(String id, FlowCommit.Place place) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("ce-id", "event " + id);
        return new FlowCommit.Dead(id, 0, "call", 1, "attempts", 1, List.of(), place, headers, "data");
    }

    @AfterEach
    void stop() throws Exception {
        get(journal.stop());
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    private JsonObject ask(String op, JsonObject what) throws Exception {
        return get(vertx.eventBus()
                .<JsonObject>request(Addresses.DEAD_LETTER_DESK, what.copy().put("op", op))
                .map(Message::body));
    }

    @Test
    void theyAreListedEditedAndGivenBackToTheFlow() throws Exception {
        JsonObject all = new JsonObject().put("subscription", "flow.sums");
        JsonObject listed = ask("list", all);
        assertThat(listed.getJsonArray("deadLetters")).hasSize(2);
        JsonObject nowhere = listed.getJsonArray("deadLetters").getJsonObject(0);
        assertThat(nowhere.getString("id")).isEqualTo("b");
        assertThat(nowhere.containsKey("position")).isTrue();
        assertThat(nowhere.getString("position")).isNull();
        assertThat(nowhere.getString("address")).isNull();
        assertThat(nowhere.getString("hop")).isEqualTo("call");
        assertThat(ask("get", new JsonObject().put("id", "a")).getString("position"))
                .isEqualTo("e:7");
        ask("edit", new JsonObject().put("id", "a").put("data", 1));

        assertThatThrownBy(() -> ask("replay", all)).hasMessageContaining("no node works on the flow 'sums' now");
        get(new FlowWire(vertx)
                .serve("sums", asked -> flows.replay("sums", List.of(), asked)
                        .onSuccess(done -> back.addAll(done.parked())))
                .completion());
        assertThat(ask("replay", all).getInteger("replayed")).isEqualTo(2);
        assertThat(back).extracting(FlowCommit.Parked::id).containsExactly("a", "b");
        assertThat(back).extracting(FlowCommit.Parked::body).containsExactly(1, "data");
        assertThat(ask("list", all).getJsonArray("deadLetters")).isEmpty();
    }
}
