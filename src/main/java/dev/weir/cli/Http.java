package dev.weir.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Talks to the node that {@code --url} or {@code WEIR_URL} names. */
final class Http {
    private static final Duration PATIENCE = Duration.ofSeconds(35);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String url;
    private final @Nullable String token;

    /** What a server said. */
    record Answer(int status, String body) {}

    Http(Arguments arguments, Map<String, String> env) {
        String named = arguments.option("url").orElse(env.getOrDefault("WEIR_URL", "http://127.0.0.1:8080"));
        this.url = named.endsWith("/") ? named.substring(0, named.length() - 1) : named;
        this.token = arguments.option("token").orElse(env.get("WEIR_TOKEN"));
    }

    /** The server that it talks to. */
    String url() {
        return url;
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).timeout(PATIENCE).build());
    }

    Answer post(String path, String json) throws IOException, InterruptedException {
        return send(request(path)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    Answer postText(String path, String text) throws IOException, InterruptedException {
        return send(request(path)
                .timeout(PATIENCE)
                .header("content-type", "text/plain; charset=utf-8")
                .POST(BodyPublishers.ofString(text))
                .build());
    }

    Answer patch(String path, String json) throws IOException, InterruptedException {
        return send(request(path)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .method("PATCH", BodyPublishers.ofString(json))
                .build());
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).timeout(PATIENCE).DELETE().build());
    }

    /** Hands over line by line until the server ends; an answer that is no stream goes to {@code refused}. */
    int stream(String path, Consumer<String> line, ToIntFunction<Answer> refused)
            throws IOException, InterruptedException {
        HttpRequest request =
                request(path).header("accept", "text/event-stream").build();
        try {
            HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() >= 300) {
                    return refused.applyAsInt(
                            new Answer(response.statusCode(), lines.collect(Collectors.joining("\n"))));
                }
                lines.forEach(line);
            }
            return ExitCode.OK;
        } catch (ConnectException | HttpConnectTimeoutException refusedConnection) {
            throw unreachable();
        } catch (UncheckedIOException broken) {
            throw new IOException("the connection to " + url + " broke: " + broken.getMessage(), broken);
        }
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (ConnectException | HttpConnectTimeoutException refusedConnection) {
            throw unreachable();
        } catch (HttpTimeoutException late) {
            throw new Unreachable(url + " did not answer within " + PATIENCE.toSeconds() + " s");
        }
    }

    private Unreachable unreachable() {
        return new Unreachable("nobody answers at " + url + "; start a node with scripts/weir, or name one with --url");
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder;
        try {
            builder = HttpRequest.newBuilder(URI.create(url + path));
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("'" + url + "' is no address of a server; write it like http://127.0.0.1:8080");
        }
        if (token == null) {
            return builder;
        }
        try {
            return builder.header("authorization", "Bearer " + token);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("the token has a character that no token has; was more than the token copied?");
        }
    }
}
