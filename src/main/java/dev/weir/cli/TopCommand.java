package dev.weir.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code weir top}: how all nodes and their flows are doing, on a terminal. Asks once, then hears of what changes over one stream and
 * draws with each round of the node that was asked; nothing is polled. Runs on the main thread until it is stopped.
 */
final class TopCommand {
    private static final String ONCE = "--once";
    private static final String STREAM = "/v1/stream?address=weir.overview.*&address=weir.flows.*";
    private static final String DATA = "data:";
    private static final long AGAIN_MILLIS = 2_000;

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean isTerminal;
    private final TopBoard board = new TopBoard();
    private String asked = "";
    private boolean known;

    /** @param isTerminal whether what was drawn can be drawn over; else one block follows the other */
    TopCommand(Map<String, String> env, PrintStream out, PrintStream err, boolean isTerminal) {
        this.env = env;
        this.out = out;
        this.err = err;
        this.isTerminal = isTerminal;
    }

    int top(List<String> given) throws IOException, InterruptedException {
        List<String> rest = new ArrayList<>(given);
        boolean once = rest.remove(ONCE);
        Arguments arguments = new Arguments(rest, Set.of("url", "token"));
        arguments.noWords();
        Http http = new Http(arguments, env);
        int code = ask(http);
        if (code != ExitCode.OK) {
            return code;
        }
        draw(http, once);
        return once ? ExitCode.OK : follow(http);
    }

    private int ask(Http http) throws IOException, InterruptedException {
        Http.Answer overview = http.get("/v1/reports/overview");
        int code = new Said(out, err).check(overview);
        if (code != ExitCode.OK) {
            return code;
        }
        Http.Answer flows = http.get("/v1/reports/flows");
        code = new Said(out, err).check(flows);
        if (code == ExitCode.OK) {
            JsonObject told = new JsonObject(overview.body());
            asked = told.getString("node");
            board.overview(told);
            board.flows(new JsonObject(flows.body()));
            known = true;
        }
        return code;
    }

    /** Until it is stopped, or refused; a node that goes is waited for. */
    private int follow(Http http) throws InterruptedException {
        while (true) {
            known = false;
            String why;
            try {
                int code = http.stream(STREAM, line -> hear(http, line), new Said(out, err)::check);
                if (code != ExitCode.OK) {
                    return code;
                }
                why = "the node has ended the stream";
            } catch (IOException | UncheckedIOException lost) {
                why = String.valueOf(lost.getMessage());
            } catch (Stopped stopped) {
                return stopped.code;
            }
            err.println("weir top: " + why + "; trying again");
            // The node is gone, so nothing tells when it is back; a command has this one thread and nothing else to do.
            Thread.sleep(AGAIN_MILLIS);
        }
    }

    /** Ends the stream from within. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int code;

        Stopped(int code) {
            super("stopped", null, false, false);
            this.code = code;
        }
    }

    private void hear(Http http, String line) {
        if (!line.startsWith(DATA)) {
            return;
        }
        JsonObject event = new JsonObject(line.substring(DATA.length()));
        String type = event.getString("type", "");
        if (!(event.getValue("data") instanceof JsonObject told)
                || !List.of("overview", "flows").contains(type)) {
            return;
        }
        // Now that changes are heard all there is is asked for again, so that nothing falls between; so for a node that
        // has come.
        if ((!known || !board.news(type, told)) && !isAsked(http)) {
            return;
        }
        if (type.equals("overview") && asked.equals(told.getString("node"))) {
            draw(http, false);
        }
    }

    private boolean isAsked(Http http) {
        try {
            int code = ask(http);
            if (code != ExitCode.OK) {
                throw new Stopped(code);
            }
            return true;
        } catch (IOException lost) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Stopped(ExitCode.FAILED);
        }
    }

    private void draw(Http http, boolean once) {
        StringBuilder text = new StringBuilder();
        boolean over = isTerminal && !once;
        text.append(over ? "\u001b[H" : "");
        board.lines(http.url()).forEach(line -> text.append(line).append(over ? "\u001b[K\n" : "\n"));
        text.append(over ? "\u001b[J" : once ? "" : "\n");
        out.print(text);
        Output.check(out);
    }
}
