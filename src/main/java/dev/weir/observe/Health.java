package dev.weir.observe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Whether the node lives and whether it should get traffic, with reasons. Thread-safe: answered by any event loop out of what
 * others reported.
 */
public final class Health {
    private final AtomicBoolean ready = new AtomicBoolean();
    private final Map<String, Supplier<Optional<String>>> checks = new ConcurrentHashMap<>();
    private final Map<String, String> warnings = new ConcurrentHashMap<>();

    /** Everything was deployed. */
    public void ready() {
        ready.set(true);
    }

    /** The node stops: it must get no new traffic. */
    public void stopping() {
        ready.set(false);
    }

    /** Adds a check, asked at every request, that says why the node should get no traffic. Must not block. */
    public void check(String name, Supplier<Optional<String>> reason) {
        checks.put(name, reason);
    }

    /** Shows something that does not stop the node from serving. */
    public void warn(String name, String message) {
        warnings.put(name, message);
    }

    /** Takes a warning back. */
    public void calm(String name) {
        warnings.remove(name);
    }

    /** Adds {@code /health/live} and {@code /health/ready}. */
    public void mount(Router router) {
        router.get("/health/live").handler(routing -> answer(routing, 200, new JsonObject().put("status", "UP")));
        router.get("/health/ready").handler(routing -> {
            JsonObject report = report();
            answer(routing, "UP".equals(report.getString("status")) ? 200 : 503, report);
        });
    }

    /** The state of every check. */
    public JsonObject report() {
        JsonArray reasons = new JsonArray();
        if (!ready.get()) {
            reasons.add(new JsonObject().put("check", "start").put("reason", "the node is starting or stopping"));
        }
        checks.forEach((name, check) -> check.get()
                .ifPresent(reason ->
                        reasons.add(new JsonObject().put("check", name).put("reason", reason))));
        JsonArray shown = new JsonArray();
        warnings.forEach(
                (name, message) -> shown.add(new JsonObject().put("check", name).put("warning", message)));
        return new JsonObject()
                .put("status", reasons.isEmpty() ? "UP" : "DOWN")
                .put("reasons", reasons)
                .put("warnings", shown);
    }

    private static void answer(RoutingContext routing, int status, JsonObject body) {
        routing.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(body.toBuffer());
    }
}
