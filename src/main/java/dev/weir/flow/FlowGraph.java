package dev.weir.flow;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A flow as those see it who draw it: stages in order, with branches. Pure functions. */
final class FlowGraph {
    private FlowGraph() {}

    static JsonObject of(FlowSpec spec) {
        JsonArray from = new JsonArray();
        spec.from()
                .forEach(input ->
                        from.add(new JsonObject().put("kind", input.kind()).put("name", input.name())));
        return new JsonObject()
                .put("from", from)
                .put("stages", steps(spec.stages()))
                .put("to", steps(spec.to()));
    }

    private static JsonArray steps(List<StageSpec> stages) {
        JsonArray steps = new JsonArray();
        for (StageSpec stage : stages) {
            JsonObject step = new JsonObject()
                    .put("id", stage.id())
                    .put("kind", stage.type().name());
            if (!stage.emits().isEmpty()) {
                step.put("emits", new JsonArray(stage.emits()));
            }
            if (!stage.branches().isEmpty()) {
                JsonObject branches = new JsonObject();
                stage.branches()
                        .forEach((name, branch) -> branches.put(
                                name,
                                new JsonObject()
                                        .put("stages", steps(branch.stages()))
                                        .put("to", steps(branch.to()))));
                step.put("branches", branches);
            }
            steps.add(step);
        }
        return steps;
    }
}
