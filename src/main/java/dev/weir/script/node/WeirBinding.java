package dev.weir.script.node;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.LogSource;
import dev.weir.bus.LogWire;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionWire;
import dev.weir.emitter.Emitter;
import dev.weir.event.Event;
import dev.weir.event.EventHeaders;
import dev.weir.event.JsonFormat;
import dev.weir.script.ScriptHost;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** What {@code require('weir')} needs of the node. Owned by the script's loop. */
public final class WeirBinding {
    private static final Set<String> SHARED =
            Set.of("codec", "emission", "emitter", "errors", "listeners", "presence", "stream", "subscription");

    private final ScriptHost host;
    private final Settling settling;
    private final SubscriptionWire subscriptions;

    WeirBinding(ScriptHost host) {
        this.host = host;
        this.settling = new Settling(host);
        this.subscriptions = new SubscriptionWire(host.vertx());
    }

    /** The text of a module that browsers get too: what is alike there is the same here. */
    @HostAccess.Export
    public String shared(String name) {
        String file = "/client/" + name + ".js";
        try (InputStream in = SHARED.contains(name) ? WeirBinding.class.getResourceAsStream(file) : null) {
            if (in == null) {
                throw host.error("Error", "MODULE_NOT_FOUND", "no module " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The verticle's configuration as JSON text. */
    @HostAccess.Export
    public String config() {
        return host.config().encode();
    }

    /** The verticle's name. */
    @HostAccess.Export
    public String name() {
        return host.name();
    }

    /** A name that nobody else has. */
    @HostAccess.Export
    public String uuid() {
        return java.util.UUID.randomUUID().toString();
    }

    /** Writes to the log. */
    @HostAccess.Export
    public void log(String level, String text) {
        host.console().logged(level, text);
        switch (level) {
            case "debug" -> host.log().debug("{}", text);
            case "warn" -> host.log().warn("{}", text);
            case "error" -> host.log().error("{}", text);
            default -> host.log().info("{}", text);
        }
    }

    /** The emitter of an address or a pattern. */
    @HostAccess.Export
    public EmitterBinding emitter(String address) {
        try {
            return new EmitterBinding(host, Emitter.of(host.vertx(), address));
        } catch (IllegalArgumentException wrong) {
            throw host.error("TypeError", null, String.valueOf(wrong.getMessage()));
        }
    }

    /** Who is on an address. */
    @HostAccess.Export
    public PresenceBinding presence(String address, Value told) {
        return PresenceBinding.watch(host, address, told);
    }

    /** Takes deliveries of a subscription; the result is their list as JSON text. */
    @HostAccess.Export
    public void pull(String subscription, String pull, int max, double waitMillis, Value done) {
        settling.settle(
                subscriptions.pull(subscription, pull, max, (long) waitMillis, "script"), done, JsonArray::encode);
    }

    /** Does not wait for deliveries any more. */
    @HostAccess.Export
    public void cancelPull(String subscription, String pull, Value done) {
        settling.settle(subscriptions.cancel(subscription, pull), done, Settling::nothing);
    }

    /** Settles deliveries, a list as JSON text; the result is what became of them. */
    @HostAccess.Export
    public void settle(String subscription, String items, Value done) {
        settling.settle(subscriptions.settle(subscription, new JsonArray(items)), done, JsonArray::encode);
    }

    /**
     * Reads what an address keeps.
     *
     * @param since a position, exclusive; null for the oldest that is there
     * @param limit at most so many events
     * @param done gets {@code {epoch, from, to, head, events}} as JSON text, the events as CloudEvents JSON
     */
    @HostAccess.Export
    public void read(String address, @Nullable String since, int limit, Value done) {
        Future<Kept> page;
        try {
            page = log(address).page(since, limit);
        } catch (Refusal refusal) {
            page = Future.failedFuture(refusal);
        }
        settling.settle(page.map(WeirBinding::page), done, JsonObject::encode);
    }

    private LogSource log(String address) {
        Publisher node = Publisher.of(host.vertx());
        if (node != null) {
            return LogSource.in(node, address);
        }
        if (host.vertx().isClustered()) {
            return new LogWire(host.vertx()).log(address);
        }
        throw new Refusal(
                FailureCode.UNAVAILABLE,
                "only verticles inside a Weir node and programs in its cluster read the journal");
    }

    private static JsonObject page(Kept kept) {
        JsonArray events = new JsonArray();
        kept.events().forEach(event -> events.add(json(kept, event)));
        return new JsonObject()
                .put("epoch", kept.head().epoch())
                .put("from", kept.from())
                .put("to", kept.to())
                .put("head", kept.head().head())
                .put("events", events);
    }

    private static JsonObject json(Kept kept, KeptEvent event) {
        Event whole = EventHeaders.fromMessage(
                "/" + kept.address(), () -> java.time.Instant.EPOCH, event.headers(), event.body());
        return JsonFormat.encode(whole)
                .toJsonObject()
                .put("weiroffset", "" + event.offset())
                .put("weirepoch", kept.head().epoch());
    }
}
