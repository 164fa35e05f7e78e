package dev.weir.cli;

import dev.weir.event.InvalidEventException;
import dev.weir.event.JsonFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Commands that are clients of a running node: JSON lines in, JSON lines out. */
final class ClientCommands {
    private static final Set<String> ONLY_SERVER = Set.of("url", "token");

    private final Map<String, String> env;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    ClientCommands(Map<String, String> env, InputStream in, PrintStream out, PrintStream err) {
        this.env = env;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    int publish(List<String> given) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(given, Set.of("url", "token", "type", "subject", "data"));
        String path = "/v1/addresses/" + Http.encode(arguments.word("an address")) + "/events" + query(arguments);
        Http http = new Http(arguments, env);
        Optional<String> data = arguments.option("data");
        if (data.isPresent()) {
            return show(http.post(path, json(data.get(), 0)));
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            int code = show(http.post(path, json(line, number)));
            if (code != ExitCode.OK) {
                err.println("weir publish: stopped at line " + number);
                return code;
            }
        }
        return ExitCode.OK;
    }

    int tail(List<String> given) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(given, ONLY_SERVER);
        String query = arguments.words("one or more addresses").stream()
                .map(address -> "address=" + Http.encode(address))
                .collect(Collectors.joining("&"));
        Http http = new Http(arguments, env);
        EventLines lines = new EventLines(event -> Output.line(out, event));
        int code = http.stream("/v1/stream?" + query, lines, this::show);
        if (code == ExitCode.OK) {
            throw new IOException(lines.end());
        }
        return code;
    }

    int request(List<String> given) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(given, Set.of("url", "token", "type", "subject", "data"));
        String path = "/v1/addresses/" + Http.encode(arguments.word("an address")) + "/requests" + query(arguments);
        Optional<String> given1 = arguments.option("data");
        String data = given1.isPresent() ? given1.get() : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return show(new Http(arguments, env).post(path, json(data, 0)));
    }

    int addresses(List<String> given) throws IOException, InterruptedException {
        return get(given, "/v1/addresses");
    }

    int sessions(List<String> given) throws IOException, InterruptedException {
        return get(given, "/v1/sessions");
    }

    private int get(List<String> given, String path) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(given, ONLY_SERVER);
        arguments.noWords();
        return show(new Http(arguments, env).get(path));
    }

    private static String query(Arguments arguments) {
        return Set.of("type", "subject").stream()
                .filter(name -> arguments.option(name).isPresent())
                .sorted()
                .map(name -> name + "=" + Http.encode(arguments.option(name).orElse("")))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining("&"), query -> query.isEmpty() ? "" : "?" + query));
    }

    private static String json(String text, int line) {
        try {
            return Json.encode(JsonFormat.decodeData(Buffer.buffer(text)));
        } catch (InvalidEventException notJson) {
            throw new UsageException((line == 0 ? "the data" : "line " + line) + ": " + notJson.getMessage());
        }
    }

    private int show(Http.Answer answer) {
        return new Said(out, err).show(answer);
    }
}
