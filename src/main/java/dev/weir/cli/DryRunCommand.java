package dev.weir.cli;

import dev.weir.bus.Position;
import dev.weir.event.EventHeaders;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code weir flows dry-run}: what a flow's file would make of what a running node has kept, for a terminal. */
final class DryRunCommand {
    private static final Set<String> OPTIONS = Set.of("url", "token", "since", "until", "limit", "show", "compare");
    private static final int UNPROCESSABLE = 422;

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;

    DryRunCommand(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    int run(List<String> given) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(given, OPTIONS);
        String file = arguments.word("a flow's file");
        StringBuilder query = new StringBuilder("?file=").append(Http.encode(file));
        for (String name : List.of("since", "until")) {
            moment(query, arguments, name);
        }
        for (String name : List.of("limit", "show", "compare")) {
            arguments.option(name).ifPresent(value -> add(query, name, value));
        }
        Http.Answer answer = new Http(arguments, env).postText("/v1/flows/dry-run" + query, text(file));
        if (answer.status() == UNPROCESSABLE) {
            err.println(new JsonObject(answer.body()).getString("detail"));
            return ExitCode.USAGE;
        }
        int code = new Said(out, err).check(answer);
        if (code == ExitCode.OK) {
            print(new JsonObject(answer.body()));
        }
        return code;
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (NoSuchFileException missing) {
            throw new UsageException("there is no file " + file);
        } catch (CharacterCodingException notText) {
            throw new UsageException(file + " is not UTF-8 text; name a flow's file");
        } catch (IOException unreadable) {
            throw new UsageException(file + " cannot be read (" + unreadable.getMessage() + "); name a flow's file");
        }
    }

    private static void moment(StringBuilder query, Arguments arguments, String name) {
        String text = arguments.option(name).orElse(null);
        if (Position.parse(text) != null && text != null && !text.contains("T")) {
            add(query, name, text);
        } else {
            Moment.option(arguments, name).ifPresent(time -> add(query, name, EventHeaders.formatTime(time)));
        }
    }

    private static void add(StringBuilder query, String name, String value) {
        query.append('&').append(name).append('=').append(Http.encode(value));
    }

    private void print(JsonObject told) {
        out.println(told.getString("flow") + ": " + told.getInteger("events") + " events"
                + told.getJsonArray("read").stream()
                        .map(JsonObject.class::cast)
                        .map(read -> read.getString("address") + " from " + read.getString("from") + " to "
                                + read.getString("to"))
                        .collect(Collectors.joining(", ", " of ", ""))
                + (told.containsKey("begin")
                        ? ", time " + told.getString("begin") + " to " + told.getString("end")
                        : ""));
        if (!told.getBoolean("complete")) {
            out.println("not all of it: ended by the bound of " + told.getString("stoppedBy"));
        }
        lane(told.getJsonObject("candidate"));
        JsonObject difference = told.getJsonObject("difference");
        if (difference == null) {
            out.println("no flow of this name runs there to compare with");
        } else {
            difference(difference);
        }
        told.getJsonArray("forgets", new JsonArray()).forEach(each -> out.println(forgets((JsonObject) each)));
        told.getJsonArray("notes", new JsonArray()).forEach(note -> out.println("note: " + note));
    }

    static String forgets(JsonObject loss) {
        return "'" + loss.getString("stage") + "' begins anew, since " + loss.getString("why")
                + ": what it remembers of " + loss.getLong("keys") + " keys is lost";
    }

    private void lane(JsonObject lane) {
        JsonObject stages = lane.getJsonObject("stages");
        int width = stages.fieldNames().stream().mapToInt(String::length).max().orElse(0);
        for (String id : stages.fieldNames()) {
            String counts = stages.getJsonObject(id).stream()
                    .filter(count -> !Integer.valueOf(0).equals(count.getValue()))
                    .map(count -> count.getKey() + " " + count.getValue())
                    .collect(Collectors.joining(", "));
            out.println("  " + id + " ".repeat(width - id.length()) + "  " + (counts.isEmpty() ? "nothing" : counts));
        }
        String to = lane.getJsonObject("to").stream()
                .map(each -> each.getValue() + " to " + each.getKey())
                .collect(Collectors.joining(", "));
        out.println("emits " + lane.getInteger("emitted") + (to.isEmpty() ? "" : ": " + to));
        lane.getJsonArray("emissions").forEach(each -> out.println("  " + line((JsonObject) each)));
        if (lane.getInteger("deadLettered") > 0) {
            out.println("dead letters " + lane.getInteger("deadLettered") + ":");
            lane.getJsonArray("deadLetters").forEach(each -> out.println("  " + line((JsonObject) each)));
        }
        if (lane.containsKey("stopped")) {
            out.println("it would stop: " + lane.getString("stopped"));
        }
    }

    private void difference(JsonObject difference) {
        out.println((difference.getString("comparedWith").equals("emitted")
                        ? "beside what was emitted then: "
                        : "beside what the running version makes of the same events: ")
                + difference.getInteger("same") + " the same, " + difference.getInteger("changed") + " changed, "
                + difference.getInteger("added") + " added, " + difference.getInteger("removed") + " gone");
        for (Object each : difference.getJsonArray("changes")) {
            JsonObject change = (JsonObject) each;
            JsonObject before = change.getJsonObject("before");
            JsonObject now = change.getJsonObject("now");
            if (before != null) {
                out.println("- " + line(before));
            }
            if (now != null) {
                out.println("+ " + line(now));
            }
        }
    }

    private static String line(JsonObject emission) {
        return emission.getString("at") + " " + emission.getString("to") + " " + emission.getString("type")
                + word(emission.getString("key")) + " "
                + (emission.containsKey("data_base64")
                        ? emission.getString("data_base64")
                        : Json.encode(emission.getValue("data")));
    }

    private static String word(@Nullable String key) {
        return key == null ? "" : " " + key;
    }
}
