package dev.weir.source;

import dev.weir.bus.HttpAccess;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The node's own HTTP log: events of type {@code request}. The edges' event loops put requests into a bounded queue; the source's
 * own loop publishes them in batches. What does not fit is dropped and counted, so a flood of requests never waits for it.
 */
final class AccessSource implements Source {
    static final SourceType TYPE = new SourceType(
            "access",
            "The node's own HTTP log: every request that ended. A WebSocket is told when it opens, a stream when it ends.",
            "`request`, data `{method, path, query, status, bytes, millis, client, agent, subject}`; `query`, `client`, `agent`"
                    + " and `subject` only where there is one. Tokens are `***`. Status 499: the client left unanswered",
            "Up to 4096 requests wait to be published; what comes beyond is dropped and counted in `weir_access_dropped_total`.",
            List.of(
                    SourceOption.choice(
                            "client",
                            List.of("full", "network", "none"),
                            "How much of the client's network address is told: all, without its last part, or nothing."),
                    SourceOption.texts("ignore", "Beginnings of paths that are left out.")),
            "access: {ignore: [/health, /metrics], to: access}",
            (options, home) -> new AccessSource(Shown.of(options.choice("client")), options.texts("ignore")));

    private static final int MOST_WAITING = 4096;
    private static final int BATCH = 256;

    /** How much of a client's address is told. */
    enum Shown {
        FULL,
        NETWORK,
        NONE;

        static Shown of(String word) {
            return valueOf(word.toUpperCase(java.util.Locale.ROOT));
        }
    }

    private final Shown shown;
    private final List<String> ignored;
    private final Queue<HttpAccess> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean draining = new AtomicBoolean();
    private Runnable detach = () -> {};

    AccessSource(Shown shown, List<String> ignored) {
        this.shown = shown;
        this.ignored = List.copyOf(ignored);
    }

    @Override
    public void start(SourceContext context) {
        Consumer<HttpAccess> listener = access -> offer(context, access);
        context.accesses().add(listener);
        detach = () -> context.accesses().remove(listener);
    }

    @Override
    public void stop() {
        detach.run();
    }

    /** On any event loop. */
    private void offer(SourceContext context, HttpAccess access) {
        if (ignored.stream().anyMatch(access.path()::startsWith)) {
            return;
        }
        if (count.incrementAndGet() > MOST_WAITING) {
            count.decrementAndGet();
            context.counters().accessDropped.increment();
            return;
        }
        waiting.add(access);
        wake(context);
    }

    private void wake(SourceContext context) {
        if (draining.compareAndSet(false, true)) {
            context.run(() -> drain(context));
        }
    }

    /** On the source's own event loop: a batch at a time, so that it stays free for others. */
    private void drain(SourceContext context) {
        for (int i = 0; i < BATCH; i++) {
            HttpAccess next = waiting.poll();
            if (next == null) {
                break;
            }
            count.decrementAndGet();
            context.emit("request", describe(next));
        }
        draining.set(false);
        if (!waiting.isEmpty()) {
            wake(context);
        }
    }

    private JsonObject describe(HttpAccess access) {
        JsonObject data = new JsonObject().put("method", access.method()).put("path", access.path());
        putKnown(data, "query", access.query());
        data.put("status", access.status()).put("bytes", access.bytes()).put("millis", access.micros() / 1000.0);
        putKnown(data, "client", told(access.client()));
        putKnown(data, "agent", access.agent());
        putKnown(data, "subject", access.subject());
        return data;
    }

    private static void putKnown(JsonObject data, String name, @Nullable String value) {
        if (value != null) {
            data.put(name, value);
        }
    }

    private @Nullable String told(String client) {
        return switch (shown) {
            case FULL -> client;
            case NETWORK -> network(client);
            case NONE -> null;
        };
    }

    /** The first three of four numbers of IPv4, the first three of eight groups of IPv6. */
    static String network(String client) {
        if (client.indexOf(':') < 0) {
            return client.substring(0, client.lastIndexOf('.') + 1) + "0";
        }
        String[] groups = client.split(":", 4);
        return String.join(":", groups[0], groups.length > 1 ? groups[1] : "", groups.length > 2 ? groups[2] : "")
                + "::";
    }
}
