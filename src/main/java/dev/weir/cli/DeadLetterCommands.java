package dev.weir.cli;

import dev.weir.config.Rate;
import dev.weir.event.InvalidEventException;
import dev.weir.event.JsonFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code weir dead-letters ...}: for operators, over the HTTP interface of a running node. What is found is printed as JSON lines. */
final class DeadLetterCommands {
    private static final String PATH = "/v1/dead-letters";
    private static final List<String> FILTERS = List.of("subscription", "address", "type", "reason", "text", "error");
    private static final List<String> TIMES = List.of("since", "until");
    private static final String VERBS = "list, groups, show, search, edit, replay, discard";
    private static final int PAGE = 1_000;
    private static final int SHOWN_AT_ONCE = 100;
    private static final int AHEAD_SECONDS = 5;
    private static final long BUSY_MILLIS = 1_000;
    private static final int BUSY_TRIES = 60;

    private final Map<String, String> env;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Said said;

    DeadLetterCommands(Map<String, String> env, InputStream in, PrintStream out, PrintStream err) {
        this.env = env;
        this.in = in;
        this.out = out;
        this.err = err;
        this.said = new Said(out, err);
    }

    int deadLetters(List<String> given) throws IOException, InterruptedException {
        List<String> rest = new ArrayList<>(given);
        String verb = rest.isEmpty() ? "" : rest.remove(0);
        return switch (verb) {
            case "list" -> list(arguments(rest, "limit"), null);
            case "groups" -> groups(arguments(rest));
            case "search" -> search(arguments(rest, "limit"));
            case "show" -> show(new Arguments(rest, Set.of("url", "token")));
            case "edit" -> edit(new Arguments(rest, Set.of("url", "token", "data")));
            case "replay" -> replay(arguments(rest, "limit", "rate", "data"));
            case "discard" -> discard(arguments(rest, "limit"));
            default -> throw new UsageException("expected one of " + VERBS);
        };
    }

    private static Arguments arguments(List<String> rest, String... more) {
        Set<String> known = new HashSet<>(FILTERS);
        known.addAll(TIMES);
        known.addAll(List.of("url", "token"));
        known.addAll(List.of(more));
        return new Arguments(rest, known);
    }

    private int search(Arguments arguments) throws IOException, InterruptedException {
        return list(arguments, String.join(" ", arguments.words("a text to look for")));
    }

    private int list(Arguments arguments, @Nullable String text) throws IOException, InterruptedException {
        if (text == null) {
            arguments.noWords();
        }
        Http http = new Http(arguments, env);
        long left = arguments.limit();
        Optional<String> cursor = Optional.empty();
        do {
            String more = text == null ? "" : "&text=" + Http.encode(text);
            Http.Answer answer =
                    http.get(PATH + query(arguments, Math.min(left, SHOWN_AT_ONCE), cursor.orElse(null)) + more);
            int code = said.check(answer);
            if (code != ExitCode.OK) {
                return code;
            }
            JsonObject page = new JsonObject(answer.body());
            JsonArray letters = page.getJsonArray("deadLetters");
            letters.forEach(letter -> Output.line(out, ((JsonObject) letter).encode()));
            left -= letters.size();
            cursor = Optional.ofNullable(page.getString("next"));
        } while (cursor.isPresent() && left > 0);
        return ExitCode.OK;
    }

    /** How many there are of which kind, the most first. */
    private int groups(Arguments arguments) throws IOException, InterruptedException {
        arguments.noWords();
        Http.Answer answer = new Http(arguments, env).get(PATH + query(arguments, 1, null) + "&group=reason");
        int code = said.check(answer);
        if (code != ExitCode.OK) {
            return code;
        }
        JsonObject found = new JsonObject(answer.body());
        found.getJsonArray("groups").forEach(group -> out.println(((JsonObject) group).encode()));
        if (!found.getBoolean("complete")) {
            err.println("weir: counted are the newest " + found.getLong("looked") + "; there are more");
        }
        return ExitCode.OK;
    }

    private int show(Arguments arguments) throws IOException, InterruptedException {
        Http http = new Http(arguments, env);
        return each(arguments.words("the ids of dead letters"), id -> said.show(http.get(PATH + "/" + id)));
    }

    private int edit(Arguments arguments) throws IOException, InterruptedException {
        String id = arguments.word("the id of a dead letter");
        Optional<String> given = arguments.option("data");
        String data = given.isPresent() ? given.get() : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return said.show(new Http(arguments, env).patch(PATH + "/" + Http.encode(id), body(data)));
    }

    private int discard(Arguments arguments) throws IOException, InterruptedException {
        Http http = new Http(arguments, env);
        if (!arguments.words().isEmpty()) {
            notFiltered(arguments);
            return each(arguments.words(), id -> said.show(http.delete(PATH + "/" + id)));
        }
        filtered(arguments);
        return many(arguments, "discarded", PAGE, 0, query -> http.delete(PATH + query));
    }

    private int replay(Arguments arguments) throws IOException, InterruptedException {
        Http http = new Http(arguments, env);
        if (!arguments.words().isEmpty()) {
            notFiltered(arguments);
            String body = arguments.option("data").map(DeadLetterCommands::body).orElse("");
            return each(arguments.words(), id -> given(id, http.post(PATH + "/" + id + "/replay", body)));
        }
        filtered(arguments);
        if (arguments.option("data").isPresent()) {
            throw new UsageException("--data is for dead letters that are named; edit the others one by one");
        }
        Optional<Rate> rate = arguments.option("rate").map(DeadLetterCommands::rate);
        // What the server has been given comes in any case, so it gets no more than for a few seconds.
        int page = rate.map(each -> (int) Math.min(PAGE, Math.ceil(each.perSecond() * AHEAD_SECONDS)))
                .orElse(PAGE);
        long pauseMillis =
                rate.map(each -> (long) (1_000 * page / each.perSecond())).orElse(0L);
        String paced = rate.map(each -> "&rate=" + each.perSecond() + "/s").orElse("");
        return many(arguments, "replayed", page, pauseMillis, query -> http.post(PATH + "/replay" + query + paced, ""));
    }

    private int given(String id, Http.Answer answer) {
        int code = said.show(answer);
        if (code == ExitCode.OK && new JsonObject(answer.body()).getInteger("replayed", 0) == 0) {
            err.println("weir: " + id + " was not replayed: its subscription does not read that address any more");
            return ExitCode.FAILED;
        }
        return code;
    }

    private interface Call<T> {
        T make(String what) throws IOException, InterruptedException;
    }

    /** One after another; stops at the first that does not work. */
    private static int each(List<String> ids, Call<Integer> call) throws IOException, InterruptedException {
        if (ids.stream().anyMatch(String::isBlank)) {
            throw new UsageException("an id is empty; is a variable not set?");
        }
        for (String id : ids) {
            int code = call.make(Http.encode(id));
            if (code != ExitCode.OK) {
                return code;
            }
        }
        return ExitCode.OK;
    }

    /** Page by page until all that the filter finds are done. */
    private int many(Arguments arguments, String counted, int most, long pauseMillis, Call<Http.Answer> call)
            throws IOException, InterruptedException {
        long left = arguments.limit();
        long done = 0;
        int code = ExitCode.OK;
        Optional<String> cursor = Optional.empty();
        do {
            if (done > 0) {
                // The rate the user asked for; a command has this one thread and nothing else to do.
                Thread.sleep(pauseMillis);
            }
            Http.Answer answer = patiently(query(arguments, Math.min(left, most), cursor.orElse(null)), call);
            code = Math.max(code, said.check(answer));
            if (answer.status() >= 300) {
                break;
            }
            JsonObject page = new JsonObject(answer.body());
            done += page.getInteger(counted, 0);
            left -= page.getInteger(counted, 0);
            cursor = Optional.ofNullable(page.getString("next"));
            for (Map.Entry<String, Object> problem : page.getJsonObject("problems", new JsonObject())) {
                err.println("weir: " + problem.getKey() + ": " + problem.getValue());
                code = ExitCode.FAILED;
            }
        } while (cursor.isPresent() && left > 0);
        out.println(new JsonObject().put(counted, done).encode());
        return code;
    }

    /** A subscription that has enough to do says so; its consumers go on meanwhile. */
    private static Http.Answer patiently(String query, Call<Http.Answer> call)
            throws IOException, InterruptedException {
        Http.Answer answer = call.make(query);
        for (int i = 0;
                i < BUSY_TRIES && answer.status() == 503 && answer.body().contains("\"busy\"");
                i++) {
            // The node tells nobody when it has room again, so it is asked again, a bounded number of times.
            Thread.sleep(BUSY_MILLIS);
            answer = call.make(query);
        }
        return answer;
    }

    private static void filtered(Arguments arguments) {
        if (Stream.concat(FILTERS.stream(), TIMES.stream())
                .allMatch(name -> arguments.option(name).isEmpty())) {
            throw new UsageException(
                    "say which: ids, or a filter of --" + String.join(", --", FILTERS) + ", --since, --until");
        }
    }

    private static void notFiltered(Arguments arguments) {
        for (String name : List.of(
                "subscription", "address", "type", "reason", "text", "error", "since", "until", "limit", "rate")) {
            if (arguments.option(name).isPresent()) {
                throw new UsageException("--" + name + " is for a filter; either ids or a filter");
            }
        }
    }

    private static String query(Arguments arguments, long limit, @Nullable String cursor) {
        StringBuilder query = new StringBuilder("?limit=").append(limit);
        for (String name : FILTERS) {
            arguments
                    .option(name)
                    .ifPresent(
                            value -> query.append('&').append(name).append('=').append(Http.encode(value)));
        }
        for (String name : TIMES) {
            Moment.option(arguments, name)
                    .ifPresent(at -> query.append('&').append(name).append('=').append(Http.encode(at.toString())));
        }
        return cursor == null
                ? query.toString()
                : query.append("&cursor=").append(Http.encode(cursor)).toString();
    }

    private static Rate rate(String text) {
        try {
            return Rate.parse(text.contains("/") ? text : text + "/s");
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("--rate: " + wrong.getMessage());
        }
    }

    private static String body(String data) {
        try {
            return new JsonObject()
                    .put("data", JsonFormat.decodeData(Buffer.buffer(data)))
                    .encode();
        } catch (InvalidEventException notJson) {
            throw new UsageException("the data: " + notJson.getMessage());
        }
    }
}
