package dev.weir.emitter;

import dev.weir.bus.FailureText;
import dev.weir.bus.SubscriptionWire;
import dev.weir.event.Event;
import dev.weir.event.EventHeaders;
import dev.weir.event.Incoming;
import dev.weir.event.JsonFormat;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of a subscription: gets deliveries one by one or several at once and settles each by how its handler ends. Several
 * consumers of one subscription, on any nodes, share the work.
 *
 * <pre>{@code
 * Subscription.of(vertx, "billing").concurrency(10).consume(delivery -> bill(delivery.event().data()));
 * }</pre>
 *
 * <p>A handler that succeeds acknowledges; one that fails has the event tried again as the subscription says, and one that fails
 * with {@link Rejected} makes it a dead letter at once. At least once: an event may come again, so handlers do what they do in a
 * way that may happen twice. Belongs to the context that made it; handlers run there.
 */
public final class Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final long WAIT_MILLIS = 20_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ContextInternal context;
    private final SubscriptionWire wire;
    private final Timers timers;
    private final Clock clock;
    private final String name;
    private int concurrency = 1;
    private int busy;
    private boolean pulling;
    private boolean closed;
    private String pull = "";
    private Function<Delivery, Future<?>> handler = delivery -> Future.succeededFuture();

    private Subscription(ContextInternal context, String name) {
        this.context = context;
        this.wire = new SubscriptionWire(context.owner());
        this.timers = Timers.of(context.owner());
        this.clock = Clock.of(context.owner());
        this.name = name;
    }

    /** A consumer of the subscription with this name, for the current context. */
    public static Subscription of(Vertx vertx, String name) {
        return new Subscription((ContextInternal) vertx.getOrCreateContext(), name);
    }

    /** How many deliveries it works on at once, 1 unless said; at most 1000. */
    public Subscription concurrency(int most) {
        if (most < 1 || most > SubscriptionWire.MOST_PULLED) {
            throw new IllegalArgumentException(
                    "concurrency is from 1 to " + SubscriptionWire.MOST_PULLED + ", not " + most);
        }
        concurrency = most;
        return this;
    }

    /** Begins to take deliveries; a node without the journal, or none at all, is waited for. */
    public Subscription consume(Function<Delivery, Future<?>> processing) {
        handler = processing;
        context.runOnContext(now -> pull());
        return this;
    }

    /** Takes no more; what is being worked on is still settled. */
    public void close() {
        closed = true;
        if (pulling) {
            wire.cancel(name, pull).onFailure(failure -> LOG.debug("the pull ends by itself", failure));
        }
    }

    private void pull() {
        if (closed || pulling || busy >= concurrency) {
            return;
        }
        pulling = true;
        pull = UUID.randomUUID().toString();
        wire.pull(name, pull, concurrency - busy, WAIT_MILLIS, "verticle").onComplete(answer -> {
            pulling = false;
            if (answer.failed()) {
                LOG.debug("subscription {} gives nothing now", name, answer.cause());
                timers.after(PAUSE, this::pull);
                return;
            }
            JsonArray deliveries = answer.result();
            for (int i = 0; i < deliveries.size(); i++) {
                work(deliveries.getJsonObject(i));
            }
            pull();
        });
    }

    private void work(JsonObject json) {
        busy++;
        String id = json.getString("id");
        Future<?> processed;
        try {
            Incoming decoded = JsonFormat.decode(json.getJsonObject("event").toBuffer());
            Event event = EventHeaders.fromMessage("/weir", clock::now, decoded.headers(), decoded.data());
            processed = handler.apply(new Delivery(id, event, json.getInteger("attempt"), this));
        } catch (Rejected rejected) {
            processed = Future.failedFuture(rejected);
        } catch (RuntimeException bug) {
            LOG.error("a handler of subscription {} threw", name, bug);
            processed = Future.failedFuture(bug);
        }
        processed.onComplete(done -> settle(id, done.cause()).onComplete(settled -> {
            if (settled.failed()) {
                LOG.warn(
                        "subscription {}: {} was not settled and comes again: {}",
                        name,
                        id,
                        FailureText.of(settled.cause()));
            }
            busy--;
            pull();
        }));
    }

    private Future<?> settle(String id, @org.jspecify.annotations.Nullable Throwable failure) {
        JsonObject item = new JsonObject().put("id", id);
        if (failure == null) {
            item.put("outcome", "ack");
        } else {
            item.put("outcome", failure instanceof Rejected ? "reject" : "nack").put("error", FailureText.of(failure));
        }
        return wire.settle(name, new JsonArray().add(item));
    }

    private Future<Void> extend(String id, Duration time) {
        JsonObject item =
                new JsonObject().put("id", id).put("outcome", "extend").put("delay", time.toMillis());
        return wire.settle(name, new JsonArray().add(item)).mapEmpty();
    }

    /**
     * An event to work on.
     *
     * @param id names this attempt
     * @param attempt from 1
     */
    public record Delivery(String id, Event event, int attempt, Subscription from) {
        /** Asks for more time, from now. */
        public Future<Void> extend(Duration time) {
            return from.extend(id, time);
        }
    }

    /** What a handler fails with when the event can never be processed. */
    public static final class Rejected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param reason for whoever looks at the dead letter */
        public Rejected(String reason) {
            super(reason);
        }
    }
}
