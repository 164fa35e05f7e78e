package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps cuts as a journal would, in memory: all that is kept is text. Owned by the thread of its test. */
final class TestStore {
    private record Place(String stage, String key) {}

    private final Map<Place, FlowCommit.State> states = new LinkedHashMap<>();
    private final Map<String, FlowCommit.Parked> parked = new TreeMap<>();

    void keep(FlowCommit commit) {
        for (FlowCommit.State state : commit.states()) {
            Place place = new Place(state.stage(), state.key());
            if (state.json() == null) {
                states.remove(place);
            } else {
                states.put(place, state);
            }
        }
        commit.parked().forEach(one -> parked.put(one.id(), written(one)));
        commit.unparked().forEach(parked::remove);
    }

    FlowJournal.Standing standing() {
        return new FlowJournal.Standing(List.of(), List.copyOf(states.values()), List.copyOf(parked.values()));
    }

    private static FlowCommit.Parked written(FlowCommit.Parked one) {
        return new FlowCommit.Parked(
                one.id(),
                one.partition(),
                one.stage(),
                one.key(),
                one.dueMillis(),
                one.attempts(),
                one.failures(),
                one.place(),
                one.headers(),
                body(one.body()));
    }

    private static @Nullable Object body(@Nullable Object body) {
        return body == null || body instanceof Buffer ? body : Json.decodeValue(Json.encode(body));
    }
}
