package dev.weir.observe.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Somebody who looks through a tap, with HTTP and the bridge as any client has them. */
public final class TapClient implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final JsonObject tap;
    private final BridgeClient bridge;
    private final List<JsonObject> events = new ArrayList<>();
    private final List<JsonObject> batches = new ArrayList<>();

    private TapClient(JsonObject tap, BridgeClient bridge) {
        this.tap = tap;
        this.bridge = bridge;
    }

    /** Opens a tap as a viewer and waits until every node shows what it accepts from now on. */
    public static TapClient open(int port, JsonObject wanted) throws Exception {
        HttpResponse<String> answer = call(port, "POST", "/v1/taps", "viewer", wanted.encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonObject tap = new JsonObject(answer.body());
        return new TapClient(tap, connect(port, "viewer").register(tap.getString("address")));
    }

    /** Opens a tap of an address or pattern. */
    public static TapClient open(int port, String pattern) throws Exception {
        return open(port, new JsonObject().put("pattern", pattern));
    }

    /** A session of somebody with a role. */
    public static BridgeClient connect(int port, String role) {
        return BridgeClient.connect(port, "/eventbus/websocket", "authorization", "Bearer " + token(role));
    }

    /** A token of somebody with a role. */
    public static String token(String role) {
        return Tokens.hs256(Tokens.claims("vera", 86_400).put("roles", new JsonArray().add(role)));
    }

    /** A request of somebody with a role, or of nobody. */
    public static HttpResponse<String> call(int port, String method, String path, @Nullable String role, String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (role != null) {
            request.header("authorization", "Bearer " + token(role));
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    /** Publishes as an operator and waits until it is accepted. */
    public static void publish(int port, String address, String data) throws Exception {
        HttpResponse<String> answer =
                call(port, "POST", "/v1/addresses/" + address + "/events?type=made", "operator", data);
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 202);
    }

    /** What the tap was when it was opened. */
    public JsonObject tap() {
        return tap;
    }

    /** Asks something of the tap. */
    public HttpResponse<String> ask(int port, String method, String body) throws Exception {
        return call(port, method, "/v1/taps/" + tap.getString("id"), "viewer", body);
    }

    /** Waits for the first event that was not waited for yet and fits, and gives it. */
    public JsonObject until(Predicate<JsonObject> fits) {
        while (true) {
            for (JsonObject event : events) {
                if (fits.test(event)) {
                    return event;
                }
            }
            batch();
        }
    }

    /** Waits until one with this data came. */
    public JsonObject until(Object data) {
        return until(event -> data.equals(event.getValue("data")));
    }

    /** Waits for the next batch. */
    public JsonObject batch() {
        return take(bridge.next());
    }

    private JsonObject take(JsonObject frame) {
        assertThat(frame.getString("address")).as(frame.encode()).isEqualTo(tap.getString("address"));
        JsonObject batch = frame.getJsonObject("body");
        batches.add(batch);
        batch.getJsonArray("events").forEach(event -> events.add((JsonObject) event));
        return batch;
    }

    /** Whether one that fits has come, now or soon. */
    public boolean hasCome(Predicate<JsonObject> fits) {
        JsonObject frame = bridge.poll(Duration.ofMillis(100));
        if (frame != null) {
            take(frame);
        }
        return events.stream().anyMatch(fits);
    }

    /** Waits until the numbers of all batches make so much. */
    public void untilCounted(String number, long most) {
        while (sum(number) < most) {
            batch();
        }
    }

    /** What all batches together say of a number. */
    public long sum(String number) {
        return batches.stream().mapToLong(batch -> batch.getLong(number, 0L)).sum();
    }

    /** All events so far. */
    public List<JsonObject> events() {
        return List.copyOf(events);
    }

    /** The data of all events so far. */
    public List<Object> data() {
        return events.stream().map(event -> event.getValue("data")).toList();
    }

    @Override
    public void close() {
        bridge.close();
    }
}
