package dev.weir.flow.stage;

import dev.weir.bus.Functions;
import dev.weir.config.Location;
import dev.weir.config.RawValue;
import dev.weir.event.EventHeaders;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Gives each event to a function in JavaScript, and what it answers to the next stage. */
final class ScriptStage implements Stage {
    static final StageType TYPE = new StageType(
            "script",
            "Gives each event to a function in JavaScript: `(event, context) => event`, a list of events, `null` for none, or a"
                    + " promise of these.",
            "All events of an answer are given on together, or none is. What the function throws is an error of its event and not"
                    + " tried again; what runs into the limit of time is. What it keeps in variables is lost when the node stops.",
            "code",
            List.of(
                    StageOption.optional(
                            "code",
                            Kind.TEXT,
                            "The function. It has the language and nothing else: no modules, files, network or timers; what"
                                    + " asks others is a `call`, or a verticle."),
                    StageOption.optional(
                            "file",
                            Kind.TEXT,
                            "A file that assigns the function to `module.exports`, instead of `code`."),
                    StageOption.duration(
                            "time", "1s", "How long one call may run, in time that a processor works for it."),
                    StageOption.count(
                            "statements", 1_000_000, 1, 1_000_000_000, "How many statements one call may run.")),
            StageType.Traits.PLAIN,
            "script: |\n"
                    + "  (event) => ({ ...event, data: { ...event.data, total: event.data.price * event.data.qty } })",
            ScriptStage::make);

    private static final Logger LOG = LoggerFactory.getLogger(ScriptStage.class);
    private static final String BYTES = "data_base64";
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]{1,20}");

    /** What an answer cannot change: how the event came. */
    private static final Set<String> GIVEN = Set.of("id", "source", "time", "address", "specversion");

    private static final Functions.Function NONE = log -> {
        throw new IllegalStateException("a flow with problems does not run");
    };

    private final StageContext context;
    private final Functions.Callable function;

    private ScriptStage(StageContext context, Functions.Function function) {
        this.context = context;
        this.function = function.open(this::log);
    }

    private static StageType.Factory make(StageOptions options) {
        Functions.Limits limits = new Functions.Limits(options.time("time"), options.count("statements"));
        Functions.Code code = code(options);
        if (code == null) {
            return stage -> new ScriptStage(stage, NONE);
        }
        Functions.Function function = read(options, code, limits);
        return stage -> new ScriptStage(stage, function);
    }

    private static Functions.@Nullable Code code(StageOptions options) {
        String code = options.optionalText("code");
        String file = options.optionalText("file");
        if ((code == null) == (file == null)) {
            options.wrong("code", code == null ? "there is no function" : "there is a file too", "write code or file");
            return null;
        }
        if (code != null) {
            RawValue raw = options.raw("code");
            Location at = raw == null ? options.at() : raw.at();
            // The text of a block begins on the line after its mark.
            boolean block = code.endsWith("\n");
            return code.isBlank()
                    ? null
                    : new Functions.Code(code, block ? new Location(at.file(), at.line() + 1) : at, false);
        }
        Path path = options.home().resolve(String.valueOf(file));
        try {
            return new Functions.Code(Files.readString(path), new Location(String.valueOf(file), 1), true);
        } catch (IOException unreadable) {
            options.wrong("file", path + " cannot be read", "name a file, relative to " + options.home());
            return null;
        }
    }

    private static Functions.Function read(StageOptions options, Functions.Code code, Functions.Limits limits) {
        try {
            return options.functions().read(code, limits);
        } catch (IllegalArgumentException wrong) {
            options.wrong(
                    code.isFile() ? "file" : "code",
                    String.valueOf(wrong.getMessage()),
                    "write a function as in (event) => ({ ...event, data: 1 })");
            return NONE;
        }
    }

    private void log(String level, String line) {
        if (context.rehearsal() == null) {
            LOG.atLevel(Level.valueOf(level.toUpperCase(java.util.Locale.ROOT)))
                    .log("flow {}, {}: {}", context.flow(), context.id(), LogStage.shown(line));
        }
    }

    @Override
    public void accept(FlowEvent event) {
        Object answer;
        try {
            answer = function.call(told(event), surroundings());
        } catch (Functions.FailedException failed) {
            throw new StageException(String.valueOf(failed.getMessage()), failed);
        }
        if (answer == null) {
            context.drop(event);
        } else if (answer instanceof JsonArray many) {
            // All are made before the first is given on, so that an error in one leaves none behind.
            List<FlowEvent> parts = new ArrayList<>(many.size());
            many.forEach(each -> parts.add(made(event, each)));
            if (parts.isEmpty()) {
                context.drop(event);
            }
            parts.forEach(context::emit);
        } else {
            context.emit(made(event, answer));
        }
    }

    private JsonObject surroundings() {
        return new JsonObject()
                .put("flow", context.flow())
                .put("stage", context.id())
                .put("now", context.clock().millis());
    }

    private static JsonObject told(FlowEvent event) {
        JsonObject json = new JsonObject();
        event.arrival().headers().forEach(header -> {
            String attribute = EventHeaders.attributeOf(header.getKey());
            if (attribute != null) {
                json.put(attribute, header.getValue());
            }
        });
        json.put("type", event.type()).put("address", event.arrival().input());
        String key = event.key();
        if (key == null) {
            json.remove("subject");
        } else {
            json.put("subject", key);
        }
        return event.data() instanceof Buffer bytes
                ? json.put(BYTES, Base64.getEncoder().encodeToString(bytes.getBytes()))
                : json.put("data", event.data());
    }

    private FlowEvent made(FlowEvent cause, @Nullable Object answer) {
        if (!(answer instanceof JsonObject json) || !(json.containsKey("data") || json.containsKey(BYTES))) {
            throw new StageException("the function answered " + answer
                    + ", which is no event: answer { ...event, data: ... }, a list of these, or null");
        }
        FlowEvent event = cause.withData(json.containsKey(BYTES) ? bytes(json) : json.getValue("data"));
        for (Map.Entry<String, Object> field : json) {
            event = with(event, field.getKey(), field.getValue());
        }
        return json.containsKey("subject") || cause.key() == null ? event : event.withKey("");
    }

    private static Buffer bytes(JsonObject json) {
        try {
            return Buffer.buffer(Base64.getDecoder().decode(String.valueOf(json.getValue(BYTES))));
        } catch (IllegalArgumentException wrong) {
            throw new StageException("the function answered a " + BYTES + " that is no base64", wrong);
        }
    }

    private static FlowEvent with(FlowEvent event, String name, @Nullable Object value) {
        if (name.equals("data") || name.equals(BYTES) || GIVEN.contains(name)) {
            return event;
        }
        if (value instanceof JsonObject
                || value instanceof JsonArray
                || !ATTRIBUTE.matcher(name).matches()) {
            throw new StageException("the function answered an event with the attribute '" + name
                    + "': attributes are named by 1 to 20 of a-z and 0-9 and are text; all else belongs into data");
        }
        String text = value == null ? "" : value.toString();
        return switch (name) {
            case "type" -> text.equals(event.type()) || text.isEmpty() ? event : event.withType(text);
            case "subject" -> text.equals(event.key()) ? event : event.withKey(text);
            default ->
                text.equals(event.arrival().attribute(name)) || text.isEmpty()
                        ? event
                        : event.withAttribute(name, text);
        };
    }

    @Override
    public void close() {
        function.close();
    }
}
