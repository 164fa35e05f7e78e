package dev.weir.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;

/** What a server said, for a terminal: answers on standard output, refusals on standard error and as an exit code. Stateless. */
record Said(PrintStream out, PrintStream err) {
    /** Prints an answer, or why there is none; the exit code. */
    int show(Http.Answer answer) {
        int code = check(answer);
        if (code == ExitCode.OK && !answer.body().isEmpty()) {
            out.println(answer.body().strip());
        }
        return code;
    }

    /** Prints why an answer is none; the exit code. */
    int check(Http.Answer answer) {
        if (answer.status() < 300) {
            return ExitCode.OK;
        }
        err.println("weir: the server answered " + answer.status() + " " + describe(answer.body()));
        return answer.status() < 500 ? ExitCode.REFUSED : ExitCode.FAILED;
    }

    private static String describe(String body) {
        try {
            JsonObject problem = new JsonObject(body);
            return problem.getString("code", "") + " " + problem.getString("detail", problem.getString("title", ""));
        } catch (DecodeException notAProblem) {
            return body;
        }
    }
}
