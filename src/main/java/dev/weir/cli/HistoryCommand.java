package dev.weir.cli;

import dev.weir.event.EventHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code weir history}: what a running node has kept of an address, as JSON lines. */
final class HistoryCommand {
    private static final int PAGE = 500;

    private final Map<String, String> env;
    private final PrintStream out;
    private final Said said;

    HistoryCommand(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.said = new Said(out, err);
    }

    int history(List<String> given) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(given, Set.of("url", "token", "since", "after", "before", "type", "limit"));
        String path = "/v1/addresses/" + Http.encode(arguments.word("an address")) + "/events?";
        StringBuilder filter = new StringBuilder();
        for (String name : List.of("after", "before")) {
            Moment.option(arguments, name).ifPresent(time -> filter.append(name)
                    .append('=')
                    .append(Http.encode(EventHeaders.formatTime(time)))
                    .append('&'));
        }
        arguments.all("type").forEach(type -> filter.append("type=")
                .append(Http.encode(type))
                .append('&'));
        Http http = new Http(arguments, env);
        long left = arguments.limit();
        String since = arguments.option("since").orElse("");
        while (left > 0) {
            String at = since.isEmpty() ? "" : "&since=" + Http.encode(since);
            Http.Answer answer = http.get(path + filter + "limit=" + Math.min(left, PAGE) + at);
            int code = said.check(answer);
            if (code != ExitCode.OK) {
                return code;
            }
            JsonObject page = new JsonObject(answer.body());
            JsonArray events = page.getJsonArray("events");
            events.forEach(event -> Output.line(out, ((JsonObject) event).encode()));
            left -= events.size();
            // Some pages are empty because of the types that are wanted; the last one does not come further either.
            String next = page.getString("next");
            if (events.isEmpty() && (next.equals(since) || page.getLong("from").equals(page.getLong("to")))) {
                break;
            }
            since = next;
        }
        return ExitCode.OK;
    }
}
