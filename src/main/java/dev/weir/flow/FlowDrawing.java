package dev.weir.flow;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A flow as a graph to be drawn: its inputs, stages and targets as nodes in the order of the file, and the ways that events take
 * between them as edges, each with the name of the side output where it begins at one. One use for one flow.
 */
final class FlowDrawing {
    private static final String INPUT = "from:";

    private record Way(String from, String to) {}

    private final FlowSpec spec;
    private final Map<Way, String> ways = new LinkedHashMap<>();

    private FlowDrawing(FlowSpec spec) {
        this.spec = spec;
    }

    /** {@code {nodes: [{id, kind: input | stage | target, type, text, line}], edges: [{from, to, output}]}}. */
    static JsonObject of(FlowSpec spec) {
        return new FlowDrawing(spec).draw();
    }

    private JsonObject draw() {
        List<String> first = chain(spec.stages(), ids(spec.to()));
        JsonArray nodes = new JsonArray();
        for (int i = 0; i < spec.from().size(); i++) {
            InputSpec input = spec.from().get(i);
            String id = INPUT + i;
            first.forEach(next -> way(id, next, ""));
            nodes.add(node(
                    id, "input", input.kind(), StageText.of(input), input.at().line()));
        }
        add(nodes, spec.stages());
        targets(nodes, spec.to());
        JsonArray edges = new JsonArray();
        ways.forEach((way, output) -> {
            JsonObject edge = new JsonObject().put("from", way.from()).put("to", way.to());
            edges.add(output.isEmpty() ? edge : edge.put("output", output));
        });
        return new JsonObject().put("nodes", nodes).put("edges", edges);
    }

    private static void add(JsonArray nodes, List<StageSpec> stages) {
        for (StageSpec stage : stages) {
            nodes.add(node(stage, "stage"));
            stage.branches().values().forEach(branch -> {
                add(nodes, branch.stages());
                targets(nodes, branch.to());
            });
        }
    }

    private static void targets(JsonArray nodes, List<StageSpec> targets) {
        targets.forEach(target -> nodes.add(node(target, "target")));
    }

    private static JsonObject node(StageSpec stage, String kind) {
        return node(
                stage.id(), kind, stage.type().name(), stage.text(), stage.at().line());
    }

    private static JsonObject node(String id, String kind, String type, String text, int line) {
        return new JsonObject()
                .put("id", id)
                .put("kind", kind)
                .put("type", type)
                .put("text", text)
                .put("line", line);
    }

    private static List<String> ids(List<StageSpec> stages) {
        return stages.stream().map(StageSpec::id).toList();
    }

    /** Where events go first that come to these stages; behind them they go to {@code end}. */
    private List<String> chain(List<StageSpec> stages, List<String> end) {
        List<String> next = end;
        for (int i : IntStream.range(0, stages.size())
                .map(i -> stages.size() - 1 - i)
                .toArray()) {
            next = step(stages.get(i), next);
        }
        return next;
    }

    private List<String> step(StageSpec stage, List<String> next) {
        if (stage.passes()) {
            next.forEach(to -> way(stage.id(), to, ""));
        }
        stage.branches()
                .forEach((name, branch) -> chain(branch.stages(), branch.to().isEmpty() ? next : ids(branch.to()))
                        .forEach(to -> way(stage.id(), to, name)));
        return List.of(stage.id());
    }

    private void way(String from, String to, String output) {
        ways.merge(new Way(from, to), output, (one, other) -> Stream.of(one, other)
                .filter(each -> !each.isEmpty())
                .reduce((a, b) -> a + ", " + b)
                .orElse(""));
    }
}
