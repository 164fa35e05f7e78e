package dev.weir.flow.stage;

import dev.weir.flow.FlowEvent;
import dev.weir.flow.StateCodec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What has come of events that belong together. Changed in place by its stage. */
final class Joined {
    static final StateCodec<Joined> CODEC = new StateCodec<>(Joined::toJson, Joined::read);

    final JsonObject named;
    /** Until when the rest is waited for; of what is complete, until when late events are dropped. */
    final long untilMillis;
    /** The event that came last; null when it is complete and only late ones are waited for. */
    @Nullable
    FlowEvent last;

    long size;

    Joined(JsonObject named, long untilMillis, @Nullable FlowEvent last) {
        this.named = named;
        this.untilMillis = untilMillis;
        this.last = last;
    }

    /** What remains of what is complete. */
    static Joined over(long untilMillis) {
        return new Joined(new JsonObject(), untilMillis, null);
    }

    /** Takes in one of several, or what may come once. */
    void add(String name, boolean many, @Nullable Object data) {
        if (!many) {
            named.put(name, data);
        } else if (named.getValue(name) instanceof JsonArray all) {
            all.add(data);
        } else {
            named.put(name, new JsonArray().add(data));
        }
    }

    /** Undoes the last {@link #add}. */
    void undo(String name, boolean many, boolean wasThere, @Nullable Object before) {
        if (many && wasThere) {
            JsonArray all = named.getJsonArray(name);
            all.remove(all.size() - 1);
        } else if (wasThere) {
            named.put(name, before);
        } else {
            named.remove(name);
        }
    }

    private Object toJson() {
        return new JsonObject()
                .put("named", named)
                .put("until", untilMillis)
                .put("size", size)
                .put("last", last == null ? null : StateCodec.EVENT.write().apply(last.withData(null)));
    }

    private static Joined read(Object kept) {
        JsonObject json = (JsonObject) kept;
        @Nullable JsonObject last = json.getJsonObject("last");
        Joined joined = new Joined(
                json.getJsonObject("named"),
                json.getLong("until"),
                last == null ? null : StateCodec.EVENT.read().apply(last));
        joined.size = json.getLong("size");
        return joined;
    }
}
