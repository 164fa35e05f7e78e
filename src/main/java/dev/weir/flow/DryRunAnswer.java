package dev.weir.flow;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A dry run as it is told: everything counted, and of what came out the first ones. Pure functions. */
final class DryRunAnswer {
    private static final int MOST_CHARACTERS = 1 << 20;

    private DryRunAnswer() {}

    static JsonObject of(DryRun run) {
        JsonObject json = new JsonObject()
                .put("read", run.past().toJson())
                .put("events", run.events())
                .put("complete", run.bound() == null);
        if (run.bound() != null) {
            json.put("stoppedBy", run.bound());
        }
        return run.events() == 0
                ? json
                : json.put("begin", time(run.beginMillis())).put("end", time(run.endMillis()));
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    static JsonObject of(DryLane lane, int show) {
        JsonObject stages = new JsonObject();
        lane.counts().forEach((id, counts) -> {
            JsonObject told = counts.toJson();
            // Time is virtual, so what was measured in it says nothing.
            told.remove("nanos");
            stages.put(id, told);
        });
        Map<String, Object> to = new TreeMap<>();
        lane.emitted().forEach(one -> to.merge(one.to(), 1, (a, b) -> (Integer) a + (Integer) b));
        JsonObject json = new JsonObject()
                .put("digest", lane.spec().digest())
                .put("stages", stages)
                .put("emitted", lane.emitted().size())
                .put("to", new JsonObject(to))
                .put("deadLettered", lane.dead().size())
                .put("emissions", shown(lane.emitted(), show, Emission::toJson))
                .put("deadLetters", shown(lane.dead(), show, letter -> Emission.of(letter)
                        .toJson()));
        String stopped = lane.stopped();
        return stopped == null ? json : json.put("stopped", stopped);
    }

    static JsonObject of(Difference difference, String comparedWith, int show) {
        return new JsonObject()
                .put("comparedWith", comparedWith)
                .put("same", difference.same())
                .put("changed", difference.count("changed"))
                .put("added", difference.count("added"))
                .put("removed", difference.count("removed"))
                .put("changes", shown(difference.changes(), show, Difference.Change::toJson));
    }

    /** The first of them, fewer when they are large. */
    private static <T> JsonArray shown(List<T> all, int show, Function<T, JsonObject> how) {
        JsonArray shown = new JsonArray();
        long characters = 0;
        for (T each : all.subList(0, Math.min(show, all.size()))) {
            JsonObject json = how.apply(each);
            characters += json.encode().length();
            if (characters > MOST_CHARACTERS && !shown.isEmpty()) {
                break;
            }
            shown.add(json);
        }
        return shown;
    }
}
