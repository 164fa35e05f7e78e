package dev.weir.cli;

import dev.weir.event.EventHeaders;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code weir trace}: what a running node and its cluster know of an event, as a tree of what caused what. */
final class TraceCommand {
    private static final String JSON = "--json";

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;

    TraceCommand(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    /** Fails when nothing was found; the reasons are on standard error. */
    int trace(List<String> given) throws IOException, InterruptedException {
        List<String> rest = new ArrayList<>(given);
        boolean json = rest.removeIf(JSON::equals);
        Arguments arguments = new Arguments(rest, Set.of("url", "token", "by", "address", "after", "before"));
        StringBuilder path = new StringBuilder("/v1/trace/"
                + Http.encode(arguments.word("the id of an event, of what belongs together, or" + " of a trace")));
        char separator = '?';
        for (String name : List.of("by", "address")) {
            if (arguments.option(name).isPresent()) {
                path.append(separator)
                        .append(name)
                        .append('=')
                        .append(Http.encode(arguments.option(name).get()));
                separator = '&';
            }
        }
        for (String name : List.of("after", "before")) {
            var time = Moment.option(arguments, name);
            if (time.isPresent()) {
                path.append(separator)
                        .append(name)
                        .append('=')
                        .append(Http.encode(EventHeaders.formatTime(time.get())));
                separator = '&';
            }
        }
        Http.Answer answer = new Http(arguments, env).get(path.toString());
        int code = new Said(out, err).check(answer);
        return code == ExitCode.OK ? show(new JsonObject(answer.body()), json) : code;
    }

    private int show(JsonObject answer, boolean json) {
        TraceTree tree = new TraceTree(answer);
        if (json) {
            out.println(answer.encode());
        } else {
            tree.lines().forEach(out::println);
        }
        if (!json || tree.isEmpty()) {
            tree.unknown().forEach(tree.isEmpty() ? err::println : out::println);
        }
        return tree.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }
}
