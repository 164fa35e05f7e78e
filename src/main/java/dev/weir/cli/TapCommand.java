package dev.weir.cli;

import dev.weir.time.Clock;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code weir tap}: live events of any address or pattern, one JSON object a line as {@code weir tail} prints them. */
final class TapCommand {
    private static final long SAY_EVERY_NANOS = 2_000_000_000L;

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;
    private final Clock clock;
    private long seen;
    private long dropped;
    private long saidNanos;
    private @Nullable String problem;

    TapCommand(Map<String, String> env, PrintStream out, PrintStream err, Clock clock) {
        this.env = env;
        this.out = out;
        this.err = err;
        this.clock = clock;
        this.saidNanos = clock.nanos() - SAY_EVERY_NANOS;
    }

    int tap(List<String> given) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(given, Set.of("url", "token", "filter", "rate", "field"));
        JsonObject wanted = new JsonObject().put("pattern", arguments.word("an address or a pattern"));
        arguments.option("filter").ifPresent(filter -> wanted.put("filter", filter));
        arguments.option("rate").ifPresent(rate -> wanted.put("rate", number(rate)));
        if (!arguments.all("field").isEmpty()) {
            wanted.put("fields", new JsonArray(arguments.all("field")));
        }
        Http http = new Http(arguments, env);
        Said said = new Said(out, err);
        Http.Answer opened = http.post("/v1/taps", wanted.encode());
        int code = said.check(opened);
        if (code != ExitCode.OK) {
            return code;
        }
        String address = new JsonObject(opened.body()).getString("address");
        EventLines lines = new EventLines(this::show);
        code = http.stream("/v1/stream?address=" + Http.encode(address), lines, said::show);
        if (code == ExitCode.OK) {
            throw new IOException(lines.end());
        }
        return code;
    }

    private static int number(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new UsageException("--rate is a whole number of events a second");
        }
        return Integer.parseInt(text);
    }

    private void show(String told) {
        JsonObject batch = new JsonObject(told).getJsonObject("data");
        for (Object event : batch.getJsonArray("events", new JsonArray())) {
            Output.line(out, flat((JsonObject) event, batch.getString("node")).encode());
        }
        say(batch);
    }

    /** As a CloudEvent; what the tap adds are extensions. */
    private static JsonObject flat(JsonObject event, String node) {
        JsonObject flat = new JsonObject()
                .put("specversion", "1.0")
                .put("weiraddress", event.getString("address"))
                .mergeIn(event.getJsonObject("attributes", new JsonObject()))
                .put("weirnode", node)
                .put("weirvia", event.getString("via"));
        for (String name : List.of("epoch", "offset", "cut", "class")) {
            if (event.containsKey(name)) {
                flat.put("weir" + name, event.getValue(name));
            }
        }
        for (String name : List.of("data", "data_base64")) {
            if (event.containsKey(name)) {
                flat.put(name, event.getValue(name));
            }
        }
        return event.containsKey("text") ? flat.put("data", event.getString("text")) : flat;
    }

    /** What is not shown, from time to time, and why a filter has no value, each time it is another reason. */
    private void say(JsonObject batch) {
        seen += batch.getLong("seen", 0L);
        dropped += batch.getLong("dropped", 0L);
        String told = batch.getString("problem");
        if (told != null && !Objects.equals(told, problem)) {
            problem = told;
            err.println("weir tap: the filter had no value: " + told);
        }
        if (dropped > 0 && clock.nanos() - saidNanos >= SAY_EVERY_NANOS) {
            err.println("weir tap: " + dropped + " of " + seen + " events were not shown; --rate and --filter choose");
            saidNanos = clock.nanos();
            seen = 0;
            dropped = 0;
        }
    }
}
