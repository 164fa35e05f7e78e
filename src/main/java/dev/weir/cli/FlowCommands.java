package dev.weir.cli;

import dev.weir.config.Config;
import dev.weir.flow.Flows;
import dev.weir.node.NodeSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code weir test}, which needs no node, and {@code weir flows ...}, which asks one. */
final class FlowCommands {
    private static final String PATH = "/v1/flows";

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;
    private final Said said;

    FlowCommands(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
        this.said = new Said(out, err);
    }

    /** Runs the tests in the flows' files, all or those of the named flows. */
    int test(List<String> given) {
        Arguments arguments = new Arguments(given, Set.of("conf"));
        Flows flows = NodeSettings.read(Config.find(arguments.option("conf").orElse(null), env), env)
                .flows();
        for (String name : arguments.words()) {
            if (!flows.names().contains(name)) {
                throw new UsageException("there is no flow '" + name + "', only " + String.join(", ", flows.names()));
            }
        }
        int failed = 0;
        int passed = 0;
        for (Flows.Tested result : flows.test()) {
            if (!arguments.words().isEmpty() && !arguments.words().contains(result.flow())) {
                continue;
            }
            if (result.problems().isEmpty()) {
                passed++;
                out.println("ok      " + result.flow() + ": " + result.test());
            } else {
                failed++;
                out.println("FAILED  " + result.flow() + ": " + result.test() + " (" + result.at() + ")");
                result.problems().forEach(problem -> out.println("        " + problem));
            }
        }
        out.println(passed + " passed, " + failed + " failed");
        return failed == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    int flows(List<String> given) throws IOException, InterruptedException {
        List<String> rest = new ArrayList<>(given);
        String verb = rest.isEmpty() || rest.get(0).startsWith("-") ? "list" : rest.remove(0);
        if (verb.equals("dry-run")) {
            return new DryRunCommand(env, out, err).run(rest);
        }
        Arguments arguments = new Arguments(rest, Set.of("url", "token"));
        Http http = new Http(arguments, env);
        return switch (verb) {
            case "list" -> list(arguments, http);
            case "show" -> said.show(http.get(PATH + "/" + Http.encode(arguments.word("a flow"))));
            case "pause", "resume" -> {
                String name = arguments.word("a flow");
                int code = said.check(http.post(PATH + "/" + Http.encode(name) + "/" + verb, ""));
                if (code == ExitCode.OK) {
                    err.println(name + (verb.equals("pause") ? " pauses" : " goes on"));
                }
                yield code;
            }
            default -> throw new UsageException("expected one of list, show, pause, resume, dry-run");
        };
    }

    private int list(Arguments arguments, Http http) throws IOException, InterruptedException {
        arguments.noWords();
        Http.Answer answer = http.get(PATH);
        int code = said.check(answer);
        if (code == ExitCode.OK) {
            new JsonObject(answer.body())
                    .getJsonArray("flows", new JsonArray())
                    .forEach(flow -> out.println(((JsonObject) flow).encode()));
        }
        return code;
    }
}
