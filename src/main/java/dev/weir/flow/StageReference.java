package dev.weir.flow;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes {@code docs/stages.md} and the editors' schema of flow files from the types, so that neither can be wrong. */
public final class StageReference {
    private static final String INTRO = """
            # Stages and targets

            <!-- Generated from the types in dev.weir.flow.stage and dev.weir.flow.sink; run mvn test -Dtest=GeneratedDocsTest -Dregenerate=true -->

            A stage is one item under `stages:`, a target one under `to:` of a [flow](flows.md). Each is a map with the stage's name; its
            value is the options, or a value alone where the table names a shorthand. Beside the name stand `id` (by default the name; what a
            stage remembers belongs to its id and options) and `on-error`. An option that is unknown or wrong is a problem with its line,
            and the node does not start, or goes on with the files it had. Expressions are described in [expressions.md](expressions.md).
            """;

    private StageReference() {}

    /** The whole page. */
    public static String markdown(Vocabulary words) {
        List<String> sections = new ArrayList<>(List.of(INTRO));
        sections.add("# Stages\n");
        words.stages().forEach(type -> sections.add(section(type, "stages:\n  - ")));
        sections.add("# Targets\n");
        words.targets().forEach(type -> sections.add(section(type, "to:\n  - ")));
        return String.join("\n", sections);
    }

    private static String section(StageType type, String before) {
        String rows = type.options().stream()
                .map(option -> row(option, option.name().equals(type.shorthand())))
                .collect(Collectors.joining());
        String sides = type.traits().outputs().isEmpty()
                ? ""
                : "* **Side outputs**: `" + String.join("`, `", type.traits().outputs()) + "`.\n";
        String keyed = type.traits().keyed()
                ? "* **Remembers** by `by`; a flow whose `key` is another runs on one node at a time.\n"
                : "";
        return "## `" + type.name() + "`\n\n" + type.summary() + "\n\n* **Delivery**: " + type.delivery() + "\n" + keyed
                + sides + "\n| option | type | default | meaning |\n|---|---|---|---|\n" + rows + "\n```yml\n" + before
                + type.example().strip().replace("\n", "\n    ") + "\n```\n";
    }

    private static String row(StageOption option, boolean shorthand) {
        String choices =
                option.choices().stream().map(choice -> " `" + choice + "`").collect(Collectors.joining(","));
        String bounds =
                option.kind() == StageOption.Kind.COUNT ? " from " + option.least() + " to " + option.most() : "";
        String absent = option.absent() == null ? "none" : "`" + option.absent() + "`";
        return "| `" + option.name() + "`" + (shorthand ? " (shorthand)" : "") + " | "
                + option.kind().words() + bounds + choices + " | " + (option.required() ? "**required**" : absent)
                + " | " + option.meaning() + " |\n";
    }

    /** JSON Schema of a flow file. */
    public static String schema(Vocabulary words) {
        JsonObject text = new JsonObject().put("type", "string");
        JsonObject inputs =
                new JsonObject().put("address", text).put("types", any()).put("start", text);
        words.inputs().forEach(input -> inputs.put(input, new JsonObject().put("type", "object")));
        JsonObject properties = new JsonObject()
                .put("flow", described(text, "The name of the flow, unique."))
                .put("description", text)
                .put("from", listed(object(inputs)))
                .put("key", described(any(), "The expression it is spread over nodes by; the event's key without it."))
                .put("stages", listed(steps(words.stages())))
                .put("to", listed(steps(words.targets())))
                .put("on-error", onError())
                .put(
                        "queue",
                        new JsonObject()
                                .put("type", "integer")
                                .put("minimum", 1)
                                .put("default", 10_000))
                .put(
                        "if-not-kept",
                        new JsonObject()
                                .put("enum", new JsonArray().add("refuse").add("skip"))
                                .put("default", "refuse"))
                .put(
                        "tests",
                        new JsonObject().put("type", "array").put("items", new JsonObject().put("type", "object")));
        return object(properties)
                        .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                        .put("title", "A flow of Weir")
                        .put("required", new JsonArray().add("flow").add("from"))
                        .encodePrettily()
                + "\n";
    }

    private static JsonObject steps(List<StageType> types) {
        JsonObject kinds = new JsonObject();
        for (StageType type : types) {
            JsonObject options = new JsonObject();
            type.options().forEach(option -> options.put(option.name(), schema(option)));
            JsonArray shapes = new JsonArray().add(object(options));
            if (type.shorthand() != null) {
                shapes.add(new JsonObject()
                        .put(
                                "type",
                                new JsonArray()
                                        .add("string")
                                        .add("number")
                                        .add("boolean")
                                        .add("object")));
            }
            kinds.put(
                    type.name(),
                    new JsonObject().put("description", type.summary()).put("anyOf", shapes));
        }
        kinds.put("id", new JsonObject().put("type", "string")).put("on-error", onError());
        // A shorthand may have further options beside it.
        return new JsonObject().put("type", "object").put("properties", kinds).put("minProperties", 1);
    }

    private static JsonObject schema(StageOption option) {
        JsonObject schema = new JsonObject().put("description", option.meaning());
        switch (option.kind()) {
            case DURATION, SIZE, TEXT -> schema.put("type", "string");
            case COUNT ->
                schema.put("type", "integer").put("minimum", option.least()).put("maximum", option.most());
            case FLAG -> schema.put("type", "boolean");
            case MAP, RETRY, BRANCH -> schema.put("type", "object");
            case BRANCHES -> schema.put("type", "array");
            case CHOICE -> schema.put("enum", new JsonArray(option.choices()));
            default -> schema.remove("type");
        }
        return schema;
    }

    private static JsonObject onError() {
        return object(new JsonObject()
                .put("retry", new JsonObject().put("type", "object"))
                .put("then", any()));
    }

    /** One, or a list of them. */
    private static JsonObject listed(JsonObject item) {
        return new JsonObject()
                .put(
                        "anyOf",
                        new JsonArray()
                                .add(new JsonObject().put("type", "string"))
                                .add(item)
                                .add(new JsonObject()
                                        .put("type", "array")
                                        .put(
                                                "items",
                                                new JsonObject()
                                                        .put(
                                                                "anyOf",
                                                                new JsonArray()
                                                                        .add(new JsonObject().put("type", "string"))
                                                                        .add(item)))));
    }

    private static JsonObject described(JsonObject schema, String meaning) {
        return schema.copy().put("description", meaning);
    }

    private static JsonObject any() {
        return new JsonObject();
    }

    private static JsonObject object(JsonObject properties) {
        return new JsonObject()
                .put("type", "object")
                .put("additionalProperties", false)
                .put("properties", properties);
    }
}
