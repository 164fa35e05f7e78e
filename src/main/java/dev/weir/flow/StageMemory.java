package dev.weir.flow;

import dev.weir.config.Location;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What stages remember belongs to their id and their options: what a changed flow loses of it. Pure functions. */
final class StageMemory {
    /**
     * What one stage loses.
     *
     * @param keys of how many keys
     * @param at the stage, or its flow when it has no such stage any more
     */
    record Loss(String stage, long keys, String why, Location at) {
        JsonObject toJson() {
            return new JsonObject().put("stage", stage).put("keys", keys).put("why", why);
        }

        @Override
        public String toString() {
            return "'" + stage + "' begins anew, since " + why + ": what it remembers of " + keys
                    + (keys == 1 ? " key" : " keys") + " is lost";
        }
    }

    private StageMemory() {}

    /** The id of the stage whose state has this name. */
    static String idOf(String stateName) {
        int at = stateName.lastIndexOf('@');
        return at < 0 ? stateName : stateName.substring(0, at);
    }

    /**
     * What is lost when a flow is the next to take up what is kept.
     *
     * @param kept how many keys are remembered, by the names of states
     */
    static List<Loss> losses(FlowSpec next, Map<String, Long> kept) {
        List<Loss> losses = new ArrayList<>();
        new TreeMap<>(kept).forEach((name, keys) -> {
            if (keys > 0
                    && next.all().stream().noneMatch(stage -> stage.stateName().equals(name))) {
                losses.add(loss(next, idOf(name), keys));
            }
        });
        return losses;
    }

    private static Loss loss(FlowSpec next, String id, long keys) {
        return next.all().stream()
                .filter(stage -> stage.id().equals(id))
                .findFirst()
                .map(stage -> new Loss(id, keys, "its options changed", stage.at()))
                .orElseGet(() -> new Loss(id, keys, "the flow has no stage of this id any more", next.at()));
    }

    /**
     * What is lost of a flow that nothing is kept of when it is begun anew.
     *
     * @param told what each node says of the flow
     */
    static List<Loss> inMemory(FlowSpec next, List<JsonObject> told) {
        Map<String, Long> keys = new TreeMap<>();
        for (JsonObject node : told) {
            for (Object flow : node.getJsonArray("flows", new JsonArray())) {
                JsonObject stages = ((JsonObject) flow).getJsonObject("stages", new JsonObject());
                stages.fieldNames()
                        .forEach(id -> keys.merge(id, stages.getJsonObject(id).getLong("keys", 0L), Long::sum));
            }
        }
        List<Loss> losses = new ArrayList<>();
        keys.forEach((id, count) -> {
            if (count > 0) {
                losses.add(new Loss(id, count, "a plain flow remembers in memory only", next.at()));
            }
        });
        return losses;
    }
}
