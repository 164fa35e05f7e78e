package dev.weir.source;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes {@code docs/sources.md} and the sources' part of the editors' schema from the types, so that neither can be wrong. */
public final class SourceReference {
    private static final String INTRO = """
            # Sources

            <!-- Generated from the types in dev.weir.source; run mvn test -Dtest=GeneratedDocsTest -Dregenerate=true -->

            A source makes events by itself. Each is one entry under `sources:`; `to` names the address its events go to, which a policy
            must declare. The `source` attribute of its events is `/nodes/<node>/sources/<kind>`: in a cluster every node has its own.
            An event that is refused, say by a schema, is logged once for each reason and counted in `weir_refused_total`. An
            option that is unknown or wrong is a problem with its line, and the node does not start.

            `file` and `http` are inputs: they stop reading while more than 256 of their events wait to be accepted, so a journaled
            address that is slow slows them. What they cannot read is logged with its place, counted in `weir_unreadable_total` and
            left out. Under `sources:` they begin anew with the node; a flow reads them (`from: {file: ...}`, the same options without
            `to`) and goes on where it was.
            """;

    private static final String CRON = """
            ## Cron

            `cron` has five fields: minute 0-59, hour 0-23, day of month 1-31, month 1-12 or `jan`-`dec`, day of week 0-7 or `sun`-`sat`
            (0 and 7 are Sunday). A field is `*`, a value, a range `8-18`, a list `0,30` or a step `*/15`, `8-18/2`. When both day
            fields are restricted, either may match. Without `zone` times are UTC, which has no daylight saving.

            Where a zone changes its clocks:

            | hour field | skipped local time | repeated local time |
            |---|---|---|
            | begins with `*`, as in `*/10 * * * *` | left out: even steps of real time go on | beats in both passes |
            | anything else, as in `30 2 * * *` | beats once, at the moment the clocks jump | beats the first time only |

            So a daily job runs once every day of the year, and a job every ten minutes runs every ten minutes.
            """;

    private static final String TO = "The address its events go to.";
    private static final String DURATION = "^\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)$";

    private SourceReference() {}

    /** The whole page. */
    public static String markdown() {
        List<String> sections = new ArrayList<>(List.of(INTRO));
        BuiltInSources.TYPES.forEach(type -> sections.add(section(type)));
        sections.add(CRON);
        return String.join("\n", sections);
    }

    private static String section(SourceType type) {
        String rows = type.options().stream().map(SourceReference::row).collect(Collectors.joining());
        return "## `" + type.name() + "`\n\n" + type.summary() + "\n\n* **Events**: " + type.emits()
                + ".\n* **Delivery**: " + type.delivery()
                + "\n\n| option | type | default | meaning |\n|---|---|---|---|\n"
                + "| `to` | an address | **required** | " + TO + " |\n" + rows + "\n```yaml\nsources:\n  - "
                + type.example() + "\n```\n";
    }

    private static String row(SourceOption option) {
        String choices =
                option.choices().stream().map(choice -> " `" + choice + "`").collect(Collectors.joining(","));
        String absent = option.absent() == null ? "none" : "`" + option.absent() + "`";
        return "| `" + option.name() + "` | " + option.kind().words() + choices + " | "
                + (option.required() ? "**required**" : absent) + " | " + option.meaning() + " |\n";
    }

    /** JSON Schema of one item of {@code sources:}. */
    public static JsonObject schema() {
        JsonObject kinds = new JsonObject();
        BuiltInSources.TYPES.forEach(type -> kinds.put(type.name(), schema(type)));
        return object(kinds).put("minProperties", 1).put("maxProperties", 1);
    }

    private static JsonObject schema(SourceType type) {
        JsonObject options = new JsonObject()
                .put("to", new JsonObject().put("type", "string").put("description", TO));
        JsonArray required = new JsonArray().add("to");
        for (SourceOption option : type.options()) {
            options.put(option.name(), schema(option));
            if (option.required()) {
                required.add(option.name());
            }
        }
        return object(options).put("description", type.summary()).put("required", required);
    }

    private static JsonObject schema(SourceOption option) {
        JsonObject schema = new JsonObject().put("description", option.meaning());
        switch (option.kind()) {
            case DURATION -> schema.put("type", "string").put("pattern", DURATION);
            case TEXT -> schema.put("type", "string");
            case FLAG -> schema.put("type", "boolean");
            case NUMBER -> schema.put("type", "number").put("exclusiveMinimum", 0);
            case SIZE -> schema.put("type", new JsonArray().add("string").add("integer"));
            case MAP ->
                schema.put("type", "object").put("additionalProperties", new JsonObject().put("type", "string"));
            case TEXTS -> schema.put("type", "array").put("items", new JsonObject().put("type", "string"));
            case CHOICE -> schema.put("enum", new JsonArray(option.choices()));
        }
        String absent = option.absent();
        if (absent == null) {
            return schema;
        }
        return switch (option.kind()) {
            case TEXTS, MAP -> schema;
            case FLAG -> schema.put("default", Boolean.valueOf(absent));
            case NUMBER -> schema.put("default", Double.valueOf(absent));
            default -> schema.put("default", absent);
        };
    }

    private static JsonObject object(JsonObject properties) {
        return new JsonObject()
                .put("type", "object")
                .put("additionalProperties", false)
                .put("properties", properties);
    }
}
