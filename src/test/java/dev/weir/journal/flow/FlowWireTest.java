package dev.weir.journal.flow;

import static dev.weir.journal.flow.FlowJournalContract.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.FlowWire;
import dev.weir.bus.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowWireTest {
    private final Vertx vertx = Vertx.vertx();
    private final FlowWire wire = new FlowWire(vertx);
    private final List<FlowJournal.Replay> asked = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    /** A node that has the partitions of the letters that begin with a character. */
    private void node(String own) throws Exception {
        get(wire.serve("f", replay -> {
                    asked.add(replay);
                    List<FlowCommit.Parked> parked = replay.ids().stream()
                            .filter(id -> id.startsWith(own))
                            .map(FlowWireTest::parked)
                            .toList();
                    return Future.succeededFuture(new FlowJournal.Replayed(
                            parked,
                            replay.ids().stream()
                                    .filter(id -> !id.startsWith(own))
                                    .toList()));
                })
                .completion());
    }

    private static FlowCommit.Parked parked(String id) {
        return new FlowCommit.Parked(id, 0, "call", "", 0, 0, List.of(), null, Cuts.headers(id), null);
    }

    private static FlowJournal.Replay letters(String... ids) {
        return new FlowJournal.Replay(List.of(ids), 5, true, new JsonObject().put("n", 1));
    }

    @Test
    void everyNodeGivesBackThoseOfItsPartitions() throws Exception {
        node("a");
        node("b");
        node("c");
        assertThat(get(wire.replay("f", letters("a1", "b1", "c1", "a2")))).isEqualTo(4);
        assertThat(asked).hasSize(3).first().isEqualTo(letters("a1", "b1", "c1", "a2"));
        assertThat(get(wire.replay("f", letters("a3", "nobody's")))).isEqualTo(1);
    }

    @Test
    void whoeverAsksIsToldWhyNothingWasDone() throws Exception {
        assertThatThrownBy(() -> get(wire.replay("f", letters("a1"))))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.code()).isEqualTo(FailureCode.UNAVAILABLE))
                .hasMessageContaining("no node works on the flow 'f' now");
        get(wire.serve("f", replay -> Future.failedFuture(new Refusal(FailureCode.BUSY, "too much waits")))
                .completion());
        assertThatThrownBy(() -> get(wire.replay("f", letters("a1"))))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.code()).isEqualTo(FailureCode.BUSY))
                .hasMessageContaining("too much waits");
    }
}
