package dev.weir.bus;

import dev.weir.bus.Permission.Action;
import dev.weir.event.EventHeaders;
import dev.weir.event.Incoming;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.Message;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way in for events: permission, size, rate, schema, attributes filled in, then to the bus. One per node, thread-safe.
 * An event that is refused changes nothing and is counted by its code.
 */
public final class Publisher implements Shareable {
    /** Types that mean something inside a client and so never travel. */
    public static final Set<String> LOCAL_TYPES =
            Set.of("error", "newListener", "removeListener", "connect", "disconnect", "reconnect", "recovered");

    static final String SHARED_MAP = Addresses.INTERNAL_PREFIX + "node";

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final Authorizer authorizer;
    private final Counters counters;
    private final Entrance entrance;
    private final Stamp stamp;
    private final Spans spans;
    private final Delivery delivery;
    private final DelayedEvents delayed;
    private final Keeping keeping;
    private final ThreadLocal<Boolean> announcing = new ThreadLocal<>();
    private final AtomicReference<@Nullable Taps> taps = new AtomicReference<>();

    /** Makes the publisher of a node and leaves it where {@link #of(Vertx)} finds it. */
    public Publisher(Vertx vertx, Clock clock, Authorizer authorizer, Counters counters) {
        this.authorizer = authorizer;
        this.counters = counters;
        this.spans = Spans.of(vertx);
        this.entrance = new Entrance(clock, authorizer, counters, spans);
        this.stamp = new Stamp(clock, spans);
        this.delivery = new Delivery(vertx.eventBus(), counters);
        this.delayed = new DelayedEvents(clock, authorizer);
        this.keeping = new Keeping(counters, entrance, delayed);
        KeptCodec.register(vertx);
        vertx.eventBus().addOutboundInterceptor(context -> {
            if (!context.send() && takesOver(context.message(), context.body())) {
                return;
            }
            passes(context);
            context.next();
        });
        vertx.sharedData().<String, Publisher>getLocalMap(SHARED_MAP).put("publisher", this);
    }

    /** The publisher of the node that runs in this Vert.x instance, null when it is no Weir node. */
    public static @Nullable Publisher of(Vertx vertx) {
        return vertx.sharedData().<String, Publisher>getLocalMap(SHARED_MAP).get("publisher");
    }

    /** Tells the publisher how to know who listens on other nodes. */
    public void interest(Interest elsewhere) {
        delivery.interest(elsewhere);
    }

    /** Tells the publisher how to know whether this node's event bus has a consumer of an address or a pattern, from memory. */
    public void listening(Predicate<String> consumers) {
        delivery.listening(consumers);
    }

    /** Something goes on the bus, which is counted, and shown to whoever taps it. */
    private void passes(DeliveryContext<?> context) {
        String address = context.message().address();
        if (context.send() && !Addresses.isInternal(address)) {
            counters.traffic.in(address, 1);
        }
        Taps watching = taps.get();
        if (watching != null && !Boolean.TRUE.equals(announcing.get())) {
            watching.passing(context.message(), context.body());
        }
    }

    /** Whether anybody listens to an address, on any node; answered out of memory, so that what nobody wants need not be made. */
    public boolean isHeard(String address) {
        Policy policy = authorizer.policies().find(address);
        return policy != null && delivery.isHeard(policy, address);
    }

    /** Tells the publisher that an edge of this node listens to a pattern; for good, since patterns are few. */
    public void serves(String pattern) {
        delivery.serves(pattern);
    }

    /** Lets somebody look at every event on its way; null when nobody wants to any more. */
    public void tap(@Nullable Taps watching) {
        taps.set(watching);
    }

    /**
     * Shows what a tap has seen to those who listen to its very address: no pattern has it, whatever a policy says.
     *
     * @param address where {@link Addresses#TAP_PREFIX} begins
     */
    public void show(String address, MultiMap headers, Object data) {
        delivery.publishToAddress(address, headers, data);
    }

    /**
     * Publishes one event.
     *
     * @param origin who and where it comes from
     * @param address where to
     * @param headers bus headers as {@link EventHeaders} spells them and any others; taken over and completed
     * @param data a JSON value or bytes
     * @param bytes size of the data as it came in, or an upper bound of it
     * @return the receipt once accepted; fails with a {@link Refusal}
     */
    public Future<Receipt> publish(Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes) {
        Future<Policy> admitted = entrance.admit(Action.PUBLISH, origin, address, headers, data, bytes);
        if (!admitted.succeeded()) {
            return admitted.compose(policy -> accept(policy, origin, address, headers, data));
        }
        try {
            return accept(admitted.result(), origin, address, headers, data);
        } catch (RuntimeException bug) {
            return Future.failedFuture(bug);
        }
    }

    /**
     * Publishes one event like {@link #publish}, for those who go on in order before it is kept.
     *
     * @return completes once the event has its place behind those before it, with the receipt to come; fails with a {@link Refusal}
     */
    public Future<Future<Receipt>> offer(
            Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes) {
        return entrance.admit(Action.PUBLISH, origin, address, headers, data, bytes)
                .map(policy -> accept(policy, origin, address, headers, data));
    }

    private Future<Receipt> accept(
            Policy policy, Origin origin, String address, MultiMap headers, @Nullable Object data) {
        boolean ownId = stamp.hasOwnId(origin, headers);
        Accepted traced = complete(origin, policy, address, headers);
        Journal.Entry entry = new Journal.Entry(headers, data, ownId);
        if (Delay.isAsked(headers)) {
            return keeping.later(address, entry, traced);
        }
        if (policy.keep() != null) {
            return keeping.one(policy.keep(), address, entry, traced);
        }
        counters.accepted.increment();
        delivery.publish(policy, address, headers, data);
        Accepted.end(traced);
        return Future.succeededFuture(receipt(entry));
    }

    /** Completes an event; gives who records how it comes in, null unless it is sampled. */
    private @Nullable Accepted complete(Origin origin, Policy policy, String address, MultiMap headers) {
        String given = headers.get(TraceParent.NAME);
        return stamp.complete(origin, policy, headers, given) ? new Accepted(spans, address, headers, given) : null;
    }

    /**
     * An event that its address takes, complete, and not brought anywhere yet.
     *
     * @param entry with the id that it keeps, however often it is tried
     * @param traced records that it came in; null unless it is sampled
     */
    public record Prepared(
            Policy policy,
            String address,
            Journal.Entry entry,
            @Nullable Accepted traced) {
        /** It is on its way to the journal. */
        public void sent() {
            Accepted.end(traced);
        }
    }

    /**
     * Completes an event of the node's own, for those who bring it to the journal or the bus later.
     *
     * @param origin trusted
     * @throws Refusal when its address does not take it
     */
    public Prepared prepare(Origin origin, String address, MultiMap headers, @Nullable Object data) {
        Policy policy = entrance.admitOwn(origin, address, headers, data);
        Accepted traced = complete(origin, policy, address, headers);
        return new Prepared(policy, address, new Journal.Entry(headers, data, true), traced);
    }

    /** Brings a prepared event of an address that keeps nothing to whoever listens. */
    public void emit(Prepared prepared) {
        counters.accepted.increment();
        Journal.Entry entry = prepared.entry();
        delivery.publish(prepared.policy(), prepared.address(), entry.headers(), entry.body());
        prepared.sent();
    }

    private static Receipt receipt(Journal.Entry entry) {
        return new Receipt(String.valueOf(entry.headers().get(EventHeaders.ID)));
    }

    /** Events for later: what keeps them, who may take them back. */
    public DelayedEvents delayed() {
        return delayed;
    }

    /** Brings an event whose time has come to whoever listens to an address that keeps nothing. */
    public void deliver(Policy policy, String address, MultiMap headers, @Nullable Object data) {
        delivery.publish(policy, address, headers, data);
    }

    /** How events of an address are kept; null when they are not. */
    public @Nullable Keep keepOf(String address) {
        Policy policy = authorizer.policies().find(address);
        return policy == null ? null : policy.keep();
    }

    /** What keeps events; null while no policy keeps any. */
    public @Nullable Journal journal() {
        return keeping.journal();
    }

    /** Tells the publisher what keeps events. */
    public void journal(Journal own) {
        keeping.journal(own);
    }

    /**
     * Brings events that are durable now to whoever listens. For the journal, which calls it in the order of each log from one
     * thread at a time.
     */
    public void announce(Kept kept) {
        Taps watching = taps.get();
        if (watching != null) {
            watching.kept(kept);
        }
        Policy policy = authorizer.policies().find(kept.address());
        counters.traffic.in(kept.address(), kept.events().size());
        announcing.set(true);
        try {
            delivery.publishKept(policy, kept);
            delivery.tell(kept);
        } finally {
            announcing.remove();
        }
    }

    /**
     * Whether an event that a verticle put on the bus itself must go to the journal first, as every event of a journaled address
     * does and every event for later; it is handed there then.
     *
     * @param body as it was sent: in a cluster the message itself has none before it is on the wire
     */
    boolean takesOver(Message<?> message, @Nullable Object body) {
        if (Boolean.TRUE.equals(announcing.get()) || Addresses.isInternal(message.address())) {
            return false;
        }
        Policy policy = authorizer.policies().find(message.address());
        if (policy == null || (policy.keep() == null && !Delay.isAsked(message.headers()))) {
            counters.traffic.in(message.address(), 1);
            return false;
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(message.headers());
        publish(Origin.node("verticle"), message.address(), headers, Bodies.copy(body), 0)
                .onFailure(failure ->
                        LOG.warn("an event on {} was not kept: {}", message.address(), failure.getMessage()));
        return true;
    }

    /**
     * Publishes several events to one address, in order: all of them, or none when one is refused. Permission is checked for all
     * before the content of any.
     *
     * @return the receipts in order once all are accepted; fails with a {@link Refusal} that names the event
     */
    public Future<List<Receipt>> publishAll(Origin origin, String address, List<Incoming> events) {
        return entrance.admitAll(origin, address, events).compose(policy -> {
            List<Journal.Entry> entries = new ArrayList<>(events.size());
            List<@Nullable Accepted> traced = new ArrayList<>(events.size());
            for (Incoming event : events) {
                boolean ownId = stamp.hasOwnId(origin, event.headers());
                traced.add(complete(origin, policy, address, event.headers()));
                entries.add(new Journal.Entry(event.headers(), event.data(), ownId));
            }
            if (policy.keep() != null || entries.stream().anyMatch(entry -> Delay.isAsked(entry.headers()))) {
                return keeping.all(policy.keep(), address, entries, traced);
            }
            List<Receipt> receipts = deliverAll(policy, address, entries);
            traced.forEach(each -> Accepted.end(each));
            return Future.succeededFuture(receipts);
        });
    }

    private List<Receipt> deliverAll(Policy policy, String address, List<Journal.Entry> entries) {
        List<Receipt> receipts = new ArrayList<>(entries.size());
        for (Journal.Entry entry : entries) {
            receipts.add(receipt(entry));
            delivery.publish(policy, address, entry.headers(), entry.body());
        }
        counters.accepted.add(entries.size());
        return receipts;
    }

    /**
     * Sends to exactly one listener of an address for events, round-robin over the cluster, without an answer.
     *
     * @return the receipt once handed to the bus; fails with a {@link Refusal}
     */
    public Future<Receipt> sendOne(Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes) {
        return entrance.admitOne(origin, address, headers, data, bytes).map(policy -> {
            DelayedEvents.refuse(headers);
            Accepted traced = complete(origin, policy, address, headers);
            counters.accepted.increment();
            delivery.sendOne(address, headers, data);
            Accepted.end(traced);
            return new Receipt(String.valueOf(headers.get(EventHeaders.ID)));
        });
    }

    /**
     * Sends a request and awaits its reply.
     *
     * @param timeoutMillis how long to wait
     * @return the reply; fails with a {@link Refusal} or the bus's {@code ReplyException}
     */
    public Future<Message<Object>> request(
            Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes, long timeoutMillis) {
        return entrance.admitOne(origin, address, headers, data, bytes).compose(policy -> {
            DelayedEvents.refuse(headers);
            Accepted traced = complete(origin, policy, address, headers);
            counters.requests.increment();
            Future<Message<Object>> reply = delivery.request(address, headers, data, timeoutMillis);
            return spans.isActive() ? new Asked(spans, address, headers, traced).follow(reply) : reply;
        });
    }
}
