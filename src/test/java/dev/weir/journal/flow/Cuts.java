package dev.weir.journal.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Position;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes cuts through a flow for tests. */
final class Cuts {
    static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);

    private final String flow;
    private List<FlowCommit.Claim> claims = List.of();
    private final List<FlowCommit.Cursor> cursors = new ArrayList<>();
    private final List<FlowCommit.Append> appends = new ArrayList<>();
    private final List<FlowCommit.State> states = new ArrayList<>();
    private final List<FlowCommit.Parked> parked = new ArrayList<>();
    private final List<String> unparked = new ArrayList<>();
    private final List<FlowCommit.Dead> dead = new ArrayList<>();

    private Cuts(String flow) {
        this.flow = flow;
    }

    static Cuts of(String flow) {
        return new Cuts(flow);
    }

    Cuts claims(List<FlowCommit.Claim> those) {
        claims = those;
        return this;
    }

    Cuts cursor(int partition, String input, long offset) {
        return cursor(partition, input, "e", offset);
    }

    Cuts cursor(int partition, String input, String epoch, long offset) {
        cursors.add(new FlowCommit.Cursor(partition, input, new Position(epoch, offset)));
        return this;
    }

    static MultiMap headers(String id) {
        return MultiMap.caseInsensitiveMultiMap()
                .add(EventHeaders.ID, id)
                .add(EventHeaders.SOURCE, "/flow")
                .add(EventHeaders.SUBJECT, "key of " + id)
                .add("ce-extra", "x");
    }

    static Journal.Entry entry(String id, @Nullable Object body) {
        return new Journal.Entry(headers(id), body, true);
    }

    Cuts append(String address, Keep keep, String id, @Nullable Object body) {
        appends.add(new FlowCommit.Append(address, keep, entry(id, body)));
        return this;
    }

    Cuts state(int partition, String stage, String key, @Nullable String json, long due) {
        states.add(new FlowCommit.State(partition, stage, key, json, due));
        return this;
    }

    static FlowCommit.Place place(long offset) {
        return new FlowCommit.Place("in", new Position("e", offset));
    }

    Cuts park(String id, int partition, String stage, int attempts, FlowCommit.@Nullable Place place) {
        parked.add(new FlowCommit.Parked(
                id,
                partition,
                stage,
                "key",
                attempts * 1_000L,
                attempts,
                List.of(new FlowCommit.Failure(7, "no luck " + attempts)),
                place,
                headers(id),
                new JsonObject().put("n", attempts)));
        return this;
    }

    Cuts unpark(String id) {
        unparked.add(id);
        return this;
    }

    Cuts bury(String id, int partition, String hop, FlowCommit.@Nullable Place place) {
        dead.add(new FlowCommit.Dead(
                id,
                partition,
                hop,
                1_000,
                "attempts",
                3,
                List.of(new FlowCommit.Failure(7, "no luck")),
                place,
                headers(id),
                new JsonObject().put("hay", "needle")));
        return this;
    }

    FlowCommit cut() {
        return new FlowCommit(flow, claims, cursors, appends, states, parked, unparked, dead);
    }
}
