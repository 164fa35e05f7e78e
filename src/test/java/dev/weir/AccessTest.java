package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.weir.node.JsonLog;
import dev.weir.node.TextLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The node's own HTTP log as events and as lines, and that no token is in anything the node says. */
class AccessTest {
    private static final String YAML = """
            auth: {jwt: {secret: a secret of at least thirty-two characters}}
            log: {access: true}
            addresses:
              - {match: access, subscribe: anyone}
              - {match: private, subscribe: anyone}
              - {match: news, publish: signed-in, subscribe: signed-in}
              - {match: open, publish: anyone, subscribe: anyone}
              - {match: weir.sessions, subscribe: anyone}
            sources:
              - access: {to: access}
              - access: {client: none, ignore: [/health], to: private}
            """;

    @TempDir
    private Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final ByteArrayOutputStream json = new ByteArrayOutputStream();
    private final List<JsonObject> requests = new CopyOnWriteArrayList<>();
    private final List<JsonObject> withoutClients = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final OutputStreamAppender<ILoggingEvent> asText = new OutputStreamAppender<>();
    private final OutputStreamAppender<ILoggingEvent> asJson = new OutputStreamAppender<>();

    @BeforeEach
    void listenToTheLog() {
        LoggerContext context = root.getLoggerContext();
        TextLog textLog = new TextLog();
        textLog.setPattern("%level %logger %msg %kvp%n");
        textLog.setContext(context);
        textLog.start();
        JsonLog jsonLog = new JsonLog();
        jsonLog.setContext(context);
        jsonLog.start();
        asText.setEncoder(textLog);
        asText.setOutputStream(text);
        asJson.setEncoder(jsonLog);
        asJson.setOutputStream(json);
        for (OutputStreamAppender<ILoggingEvent> appender : List.of(asText, asJson)) {
            appender.setContext(context);
            appender.start();
            root.addAppender(appender);
        }
        ((Logger) LoggerFactory.getLogger("dev.weir")).setLevel(Level.DEBUG);
    }

    @AfterEach
    void leaveTheLog() {
        root.detachAppender(asText);
        root.detachAppender(asJson);
        ((Logger) LoggerFactory.getLogger("dev.weir")).setLevel(null);
    }

    private TestNode node() {
        TestNode node = TestNode.start(home, YAML);
        node.vertx().eventBus().<JsonObject>consumer("access", message -> requests.add(message.body()));
        node.vertx().eventBus().<JsonObject>consumer("private", message -> withoutClients.add(message.body()));
        return node;
    }

    private String send(TestNode node, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url(path)))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("content-type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        var answer = http.sendAsync(request.build(), BodyHandlers.ofString()).join();
        return answer.statusCode() + " " + answer.headers().map() + " " + answer.body();
    }

    private JsonObject request(String path) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> requests.stream().anyMatch(r -> r.getString("path").equals(path)));
        return requests.stream()
                .filter(r -> r.getString("path").equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyKindOfRequestIsToldOnceWithWhatItCameTo() {
        try (TestNode node = node()) {
            String token = Tokens.hs256(Tokens.claims("ann", 60));
            send(node, "POST", "/v1/addresses/news/events?type=x", "{}", "authorization", "Bearer " + token);
            JsonObject published = request("/v1/addresses/news/events");
            assertThat(published.getString("method")).isEqualTo("POST");
            assertThat(published.getInteger("status")).isEqualTo(202);
            assertThat(published.getString("query")).isEqualTo("type=x");
            assertThat(published.getString("subject")).isEqualTo("ann");
            assertThat(published.getString("client")).isEqualTo("127.0.0.1");
            assertThat(published.getString("agent")).startsWith("Java");
            assertThat(published.getLong("bytes")).isPositive();
            assertThat(published.getDouble("millis")).isPositive();

            send(node, "GET", "/nowhere", "");
            assertThat(request("/nowhere").getInteger("status")).isEqualTo(404);
            assertThat(request("/nowhere").containsKey("subject")).isFalse();
            send(node, "GET", "/health/live", "");
            assertThat(request("/health/live").getInteger("status")).isEqualTo(200);
            BridgeClient.connect(node.port()).close();
            assertThat(request("/eventbus/websocket").getInteger("status")).isEqualTo(101);
            streamThatTheClientLeaves(node, "GET", "/v1/stream?address=open");
            streamThatTheClientLeaves(node, "POST", "/eventbus/000/abcdefgh/xhr_streaming");
            assertThat(request("/eventbus/000/abcdefgh/xhr_streaming").getInteger("status"))
                    .isEqualTo(200);
            JsonObject stream = request("/v1/stream");
            assertThat(stream.getInteger("status")).isEqualTo(200);
            assertThat(stream.getLong("bytes")).isPositive();

            await().until(() -> withoutClients.size() == requests.size() - 1);
            assertThat(requests.stream().map(r -> r.getString("path"))).doesNotHaveDuplicates();
            assertThat(withoutClients).noneMatch(r -> r.containsKey("client")).noneMatch(r -> r.getString("path")
                    .startsWith("/health"));
            assertThat(lines(json))
                    .filteredOn(line -> line.getString("logger").equals("access"))
                    .filteredOn(line -> line.getString("message").equals("POST /v1/addresses/news/events?type=x"))
                    .singleElement()
                    .matches(line -> line.getInteger("status") == 202 && "ann".equals(line.getString("subject")));
        }
    }

    private void streamThatTheClientLeaves(TestNode node, String method, String path) {
        var request = HttpRequest.newBuilder(URI.create(node.url(path)))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        var answer = http.sendAsync(request, BodyHandlers.ofInputStream()).join();
        try (var body = answer.body()) {
            assertThat(body.read()).isPositive();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void noTokenIsInAnythingTheNodeSays() {
        StringBuilder said = new StringBuilder();
        String good = Tokens.hs256(Tokens.claims("ann", 60));
        String expired = Tokens.hs256(Tokens.claims("ann", -60));
        String forged = good.substring(0, good.length() - 4) + "AAAA";
        String opaque = "opaque-hunter2-token-value";
        List<String> tokens = List.of(good, expired, forged, opaque);
        try (TestNode node = node()) {
            node.vertx().eventBus().<JsonObject>consumer("weir.sessions", m -> said.append(m.body()));
            node.vertx().eventBus().<JsonObject>consumer("weir.audit", m -> said.append(m.body()));
            for (String token : tokens) {
                String path = "/v1/addresses/news/events";
                said.append(send(node, "POST", path, "{}", "authorization", "Bearer " + token));
                said.append(send(node, "POST", path, "{}", "authorization", token));
                said.append(send(node, "POST", path + "?access_token=" + token, "{}"));
                said.append(send(node, "POST", path + "?type=a&token=" + token, "{}"));
                said.append(send(node, "POST", path + "?access%5Ftoken=" + token, "not json"));
                said.append(send(node, "GET", "/v1/stream?address=none&access_token=" + token, ""));
                said.append(send(node, "GET", "/v1/sessions?access_token=" + token, ""));
                said.append(send(node, "GET", "/nowhere?Authorization=" + token, "", "user-agent", "Bearer " + token));
                said.append(send(node, "GET", "/eventbus/websocket?access_token=" + token, ""));
                said.append(polled(node, token));
                said.append(send(node, "POST", "/v1/config/reload?access_token=" + token, ""));
                // In other places only what looks like a token is known to be one.
                String shown = token.equals(opaque) ? good : token;
                said.append(send(node, "DELETE", "/v1/sessions/" + shown + "?access_token=" + token, ""));
                said.append(send(node, "GET", "/v1/addresses/news/events?since=" + shown, ""));
                frames(node, token, said);
            }
            listed(node, good, said);
            said.append(send(node, "GET", "/files/" + good, ""));
            await().until(() ->
                    requests.stream().anyMatch(r -> r.getString("path").equals("/files/***")));
            said.append(send(node, "GET", "/metrics", "")).append(send(node, "GET", "/health/ready", ""));
        }
        said.append(new JsonArray(List.copyOf(requests)).encode());
        said.append(text.toString(StandardCharsets.UTF_8)).append(json.toString(StandardCharsets.UTF_8));
        assertThat(said.toString()).contains("access_token=***", "token=***", "Authorization=***");
        for (String token : tokens) {
            String signature = token.substring(token.lastIndexOf('.') + 1);
            assertThat(said.toString()).doesNotContain(token).doesNotContain(signature);
        }
    }

    /** By a connection of its own: the server ends it after a poll, which a client that keeps it learns too late. */
    private static String polled(TestNode node, String token) {
        String path = "/eventbus/1/" + Math.floorMod(token.hashCode(), 1_000_000) + "/xhr?access_token=" + token;
        try (RawConnection poll = RawConnection.open(node.port()).head("POST", path, "Content-Length", "0")) {
            return poll.send("\r\n").readUntil("o\n");
        }
    }

    /** What operators are shown of a session and a stream that a token in the query opened. */
    private void listed(TestNode node, String token, StringBuilder said) {
        JsonObject claims = Tokens.claims("olga", 60).put("roles", new JsonArray().add("operator"));
        String operator = Tokens.hs256(claims);
        try (BridgeClient client = BridgeClient.connect(node.port(), "/eventbus/websocket?access_token=" + token);
                RawConnection stream =
                        RawConnection.get(node.port(), "/v1/stream?address=news&access_token=" + token)) {
            assertThat(stream.readUntil("retry: ")).endsWith("retry: ");
            client.register("news");
            String list = send(node, "GET", "/v1/sessions?access_token=" + operator, "");
            assertThat(list).contains("\"transport\":\"sse\"", "\"transport\":\"websocket\"", "\"sub\":\"ann\"");
            said.append(list).append(send(node, "GET", "/v1/cluster?access_token=" + operator, ""));
            said.append(send(node, "DELETE", "/v1/sessions?sub=ann&access_token=" + operator, ""));
            said.append(send(node, "POST", "/v1/config/reload?access_token=" + operator, ""));
        }
        assertThat(said.toString()).doesNotContain(operator);
    }

    private static void frames(TestNode node, String token, StringBuilder said) {
        try (BridgeClient client = BridgeClient.connect(node.port())) {
            JsonObject headers =
                    new JsonObject().put("authorization", "Bearer " + token).put("weir-rewind", "0");
            client.send(BridgeClient.frame("register", "news").put("headers", headers));
            said.append(client.nextText());
            client.sendText("{\"authorization\":\"Bearer " + token + "\"");
            said.append(client.nextText());
        }
    }

    private static List<JsonObject> lines(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8).lines().map(JsonObject::new).toList();
    }
}
