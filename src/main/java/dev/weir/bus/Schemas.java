package dev.weir.bus;

import dev.weir.config.Location;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.event.InvalidEventException;
import dev.weir.event.JsonFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON Schemas of one policy: one for all event types, or one per type. Immutable; checked on any thread. */
public final class Schemas {
    /** No schema: all data is good. */
    public static final Schemas NONE = new Schemas(Map.of());

    private static final String ALL_TYPES = "*";

    private final Map<String, Validator> byType;

    private Schemas(Map<String, Validator> byType) {
        this.byType = Map.copyOf(byType);
    }

    /** Reads the schema files a policy names, noting problems. Blocks: not for an event loop. */
    static Schemas load(@Nullable RawValue raw, Path home, Problems problems) {
        if (raw == null) {
            return NONE;
        }
        Map<String, Validator> loaded = new HashMap<>();
        if (raw.value() instanceof Map<?, ?> types) {
            types.forEach((type, file) -> {
                if (type instanceof String name && file instanceof RawValue value) {
                    read(value, home, problems).ifPresent(v -> loaded.put(name, v));
                }
            });
        } else {
            read(raw, home, problems).ifPresent(v -> loaded.put(ALL_TYPES, v));
        }
        return new Schemas(loaded);
    }

    private static Optional<Validator> read(RawValue raw, Path home, Problems problems) {
        Location at = raw.at();
        if (!(raw.value() instanceof String name)) {
            problems.add(at, "schema: expected a file name", "write the path of a JSON Schema file");
            return Optional.empty();
        }
        Path file = home.resolve(name);
        try {
            Object read = JsonFormat.decodeData(Buffer.buffer(Files.readString(file)));
            if (!(read instanceof JsonObject json)) {
                problems.add(
                        at,
                        "schema: " + name + " is no JSON object",
                        "write a JSON Schema, as in {\"type\": \"object\"}");
                return Optional.empty();
            }
            JsonSchemaOptions options = new JsonSchemaOptions()
                    .setBaseUri("file:///" + file.getFileName())
                    .setDraft(Draft.DRAFT202012)
                    .setOutputFormat(OutputFormat.Basic);
            return Optional.of(Validator.create(JsonSchema.of(json), options));
        } catch (IOException e) {
            problems.add(at, "schema: cannot read " + name, "the file must exist below " + home);
        } catch (InvalidEventException e) {
            problems.add(at, "schema: " + name + ": " + e.getMessage(), "write a JSON Schema (draft 2020-12)");
        } catch (RuntimeException e) {
            problems.add(at, "schema: " + name + " is no JSON Schema: " + e.getMessage(), "");
        }
        return Optional.empty();
    }

    /** @throws Refusal with the place of the first violation when the data does not match */
    void check(String type, @Nullable Object data) {
        if (byType.isEmpty()) {
            return;
        }
        Validator validator = byType.get(type);
        Validator used = validator == null ? byType.get(ALL_TYPES) : validator;
        if (used == null) {
            return;
        }
        OutputUnit result = used.validate(data);
        if (!Boolean.TRUE.equals(result.getValid())) {
            throw violation(result.getErrors());
        }
    }

    private static Refusal violation(@Nullable List<OutputUnit> errors) {
        if (errors == null || errors.isEmpty()) {
            return new Refusal(FailureCode.SCHEMA_VIOLATION);
        }
        OutputUnit deepest = errors.get(errors.size() - 1);
        String location = deepest.getInstanceLocation();
        String pointer = location == null ? "" : location.replaceFirst("^#", "");
        String message = (pointer.isEmpty() ? "the data" : pointer) + ": " + deepest.getError();
        return new Refusal(FailureCode.SCHEMA_VIOLATION, message).at(pointer);
    }
}
