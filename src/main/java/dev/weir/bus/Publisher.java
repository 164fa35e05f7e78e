package dev.weir.bus;

import dev.weir.bus.Permission.Action;
import dev.weir.config.AddressConfig.RateConfig;
import dev.weir.event.EventHeaders;
import dev.weir.event.Incoming;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
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

    private static final String SHARED_MAP = Addresses.INTERNAL_PREFIX + "node";

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final DeliveryOptions KEPT =
            new DeliveryOptions().setLocalOnly(true).setCodecName(KeptCodec.NAME);

    private final EventBus bus;
    private final Clock clock;
    private final Authorizer authorizer;
    private final Counters counters;
    private final AtomicReference<Interest> interest = new AtomicReference<>(Interest.ALONE);
    private final RateLimiter rates;
    private final Ids ids = new Ids();
    private final AtomicReference<@Nullable Journal> journal = new AtomicReference<>();
    private final ThreadLocal<Boolean> announcing = new ThreadLocal<>();
    private final Set<String> patternsHere = ConcurrentHashMap.newKeySet();

    /** Makes the publisher of a node and leaves it where {@link #of(Vertx)} finds it. */
    public Publisher(Vertx vertx, Clock clock, Authorizer authorizer, Counters counters) {
        this.bus = vertx.eventBus();
        this.clock = clock;
        this.authorizer = authorizer;
        this.counters = counters;
        this.rates = new RateLimiter(clock);
        vertx.eventBus().registerCodec(new KeptCodec());
        vertx.eventBus().addOutboundInterceptor(context -> {
            if (context.send() || !takesOver(context.message())) {
                context.next();
            }
        });
        vertx.sharedData().<String, Publisher>getLocalMap(SHARED_MAP).put("publisher", this);
    }

    /** The publisher of the node that runs in this Vert.x instance, null when it is no Weir node. */
    public static @Nullable Publisher of(Vertx vertx) {
        return vertx.sharedData().<String, Publisher>getLocalMap(SHARED_MAP).get("publisher");
    }

    /** Tells the publisher how to know who listens on other nodes. */
    public void interest(Interest elsewhere) {
        interest.set(elsewhere);
    }

    /** Tells the publisher that an edge of this node listens to a pattern; for good, since patterns are few. */
    public void serves(String pattern) {
        patternsHere.add(Addresses.ofPattern(pattern));
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
        return offer(origin, address, headers, data, bytes).compose(receipt -> receipt);
    }

    /**
     * Publishes one event like {@link #publish}, for those who go on in order before it is kept.
     *
     * @return completes once the event has its place behind those before it, with the receipt to come; fails with a {@link Refusal}
     */
    public Future<Future<Receipt>> offer(
            Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes) {
        return admit(Action.PUBLISH, origin, address, headers, data, bytes).map(policy -> {
            Journal.Entry entry = entry(origin, headers, data);
            if (policy.keep() != null) {
                return keep(policy.keep(), address, List.of(entry))
                        .onFailure(this::count)
                        .map(receipts -> receipts.get(0));
            }
            counters.accepted.increment();
            deliver(policy, address, headers, data);
            return Future.succeededFuture(receipt(entry));
        });
    }

    private Journal.Entry entry(Origin origin, MultiMap headers, @Nullable Object data) {
        // An id means something together with who chose it; of strangers without a source nobody can tell that.
        boolean named = headers.contains(EventHeaders.SOURCE)
                || origin.session() != null
                || origin.who().signedIn(clock.millis());
        boolean ownId = named && headers.contains(EventHeaders.ID);
        seal(origin, headers);
        return new Journal.Entry(headers, data, ownId);
    }

    private static Receipt receipt(Journal.Entry entry) {
        return new Receipt(String.valueOf(entry.headers().get(EventHeaders.ID)));
    }

    private Future<List<Receipt>> keep(Keep keep, String address, List<Journal.Entry> entries) {
        Journal own = journal.get();
        Future<List<Receipt>> kept = own == null
                ? Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "this node keeps nothing"))
                : own.append(address, keep, entries);
        return kept.onSuccess(receipts -> counters.accepted.add(
                receipts.stream().filter(receipt -> !receipt.repeated()).count()));
    }

    /** What keeps events; null while no policy keeps any. */
    public @Nullable Journal journal() {
        return journal.get();
    }

    /** Tells the publisher what keeps events. */
    public void journal(Journal keeping) {
        journal.set(keeping);
    }

    /**
     * Brings events that are durable now to whoever listens. For the journal, which calls it in the order of each log from one
     * thread at a time.
     */
    public void announce(Kept kept) {
        Policy policy = authorizer.policies().find(kept.address());
        announcing.set(true);
        try {
            for (KeptEvent event : kept.events()) {
                deliver(policy, kept.address(), event.headers(), event.body());
            }
            bus.publish(Addresses.ofLog(kept.address()), kept, KEPT);
        } finally {
            announcing.remove();
        }
    }

    /**
     * Whether an event that a verticle put on the bus itself must go to the journal first, as every event of a journaled address
     * does; it is handed there then.
     */
    boolean takesOver(Message<?> message) {
        if (Boolean.TRUE.equals(announcing.get()) || Addresses.isInternal(message.address())) {
            return false;
        }
        Policy policy = authorizer.policies().find(message.address());
        if (policy == null || policy.keep() == null) {
            return false;
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(message.headers());
        publish(Origin.node("verticle"), message.address(), headers, message.body(), 0)
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
    public Future<List<Receipt>> publishAll(Origin origin, String address, List<Incoming> drafts) {
        try {
            Policy policy = policyFor(origin, address);
            return permitted(policy, origin, address, drafts)
                    .compose(yes -> publishChecked(policy, origin, address, drafts))
                    .onFailure(this::count);
        } catch (Refusal refusal) {
            count(refusal);
            return Future.failedFuture(refusal);
        }
    }

    private Future<Void> permitted(Policy policy, Origin origin, String address, List<Incoming> drafts) {
        if (origin.trusted()) {
            return Future.succeededFuture();
        }
        Map<String, Future<Void>> byType = new LinkedHashMap<>();
        for (int i = 0; i < drafts.size(); i++) {
            int index = i;
            byType.computeIfAbsent(typeOf(drafts.get(i).headers()), type -> authorizer
                    .check(policy, origin.who(), Action.PUBLISH, address, type)
                    .recover(failure -> Future.failedFuture(
                            failure instanceof Refusal refusal ? refusal.ofEvent(index) : failure)));
        }
        return Future.all(List.copyOf(byType.values())).mapEmpty();
    }

    private Future<List<Receipt>> publishChecked(Policy policy, Origin origin, String address, List<Incoming> drafts) {
        takeRate(policy, origin, drafts.size());
        for (int i = 0; i < drafts.size(); i++) {
            Incoming draft = drafts.get(i);
            try {
                Inspection.check(policy, typeOf(draft.headers()), draft.data(), draft.bytes());
            } catch (Refusal refusal) {
                throw refusal.ofEvent(i);
            }
        }
        List<Journal.Entry> entries = drafts.stream()
                .map(draft -> entry(origin, draft.headers(), draft.data()))
                .toList();
        if (policy.keep() != null) {
            return keep(policy.keep(), address, entries);
        }
        List<Receipt> receipts = new ArrayList<>(drafts.size());
        for (Journal.Entry entry : entries) {
            receipts.add(receipt(entry));
            deliver(policy, address, entry.headers(), entry.body());
        }
        counters.accepted.add(drafts.size());
        return Future.succeededFuture(receipts);
    }

    /**
     * Sends to exactly one listener of an address for events, round-robin over the cluster, without an answer.
     *
     * @return the receipt once handed to the bus; fails with a {@link Refusal}
     */
    public Future<Receipt> sendOne(Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes) {
        Action action = isForRequests(address) ? Action.REQUEST : Action.PUBLISH;
        return admitOne(action, origin, address, headers, data, bytes).map(policy -> {
            String id = seal(origin, headers);
            counters.accepted.increment();
            bus.send(address, data, options(address, headers));
            return new Receipt(id);
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
        Action action = isForRequests(address) ? Action.REQUEST : Action.PUBLISH;
        return admitOne(action, origin, address, headers, data, bytes).compose(policy -> {
            seal(origin, headers);
            counters.requests.increment();
            return bus.request(address, data, options(address, headers).setSendTimeout(timeoutMillis))
                    .recover(Publisher::nobodyLeft);
        });
    }

    /** A node whose last session has just left answers for it; to whoever asks that is nobody, as on an unused address. */
    private static <T> Future<T> nobodyLeft(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureCode() == FailureCode.NO_HANDLERS.number()
                ? Future.failedFuture(new ReplyException(ReplyFailure.NO_HANDLERS, FailureCode.NO_HANDLERS.meaning()))
                : Future.failedFuture(failure);
    }

    private boolean isForRequests(String address) {
        Policy policy = authorizer.policies().find(address);
        return policy != null && policy.isForRequests();
    }

    /** For one listener alone nothing is kept, so what is kept is for all. */
    private Future<Policy> admitOne(
            Action action, Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes) {
        Policy found = authorizer.policies().find(address);
        if (found != null && found.keep() != null) {
            Refusal refusal = new Refusal(
                    FailureCode.REJECTED, "events of this address are kept, for all that listen: publish instead");
            count(refusal);
            return Future.failedFuture(refusal);
        }
        return admit(action, origin, address, headers, data, bytes);
    }

    private Future<Policy> admit(
            Action action, Origin origin, String address, MultiMap headers, @Nullable Object data, int bytes) {
        try {
            Policy policy = policyFor(origin, address);
            String type = typeOf(headers);
            Future<Void> allowed = origin.trusted()
                    ? Future.succeededFuture()
                    : authorizer.check(policy, origin.who(), action, address, type);
            return allowed.map(yes -> {
                        takeRate(policy, origin, 1);
                        Inspection.check(policy, type, data, bytes);
                        return policy;
                    })
                    .onFailure(this::count);
        } catch (Refusal refusal) {
            count(refusal);
            return Future.failedFuture(refusal);
        }
    }

    private Policy policyFor(Origin origin, String address) {
        if (!origin.trusted() && Addresses.isSystem(address)) {
            throw new Refusal(FailureCode.ACCESS_DENIED);
        }
        if (Addresses.isPattern(address)) {
            throw new Refusal(FailureCode.UNKNOWN_ADDRESS, "a pattern is a way to subscribe, not an address");
        }
        return authorizer.policyOf(address);
    }

    private void takeRate(Policy policy, Origin origin, int events) {
        RateConfig rate = policy.rate();
        if (rate == null || origin.trusted()) {
            return;
        }
        long waitMillis = rates.take(origin.client(), policy.match(), rate, events);
        if (waitMillis > 0) {
            throw new Refusal(
                    FailureCode.TOO_FAST,
                    "at most " + rate.client() + " per client, and " + rate.burst() + " at once",
                    waitMillis);
        }
    }

    /** Completes the attributes and overwrites what outsiders may not say. */
    private String seal(Origin origin, MultiMap headers) {
        if (!origin.trusted()) {
            Seal.fromOutside(headers, origin, clock.millis());
        }
        String id = headers.get(EventHeaders.ID);
        if (id == null) {
            id = ids.next();
            headers.set(EventHeaders.ID, id);
        }
        if (!headers.contains(EventHeaders.SOURCE)) {
            headers.set(EventHeaders.SOURCE, origin.source());
        }
        if (!headers.contains(EventHeaders.TIME)) {
            headers.set(EventHeaders.TIME, EventHeaders.formatTime(clock.now()));
        }
        return id;
    }

    private void deliver(@Nullable Policy policy, String address, MultiMap headers, @Nullable Object data) {
        bus.publish(address, data, options(address, headers));
        if (policy == null || policy.match().isLiteral()) {
            return;
        }
        String pattern = Addresses.ofPattern(policy.match().subscription());
        boolean elsewhere = elsewhere(pattern);
        if (elsewhere || patternsHere.contains(pattern)) {
            MultiMap copy = MultiMap.caseInsensitiveMultiMap().addAll(headers).set(Wire.ADDRESS, address);
            bus.publish(pattern, data, new DeliveryOptions().setHeaders(copy).setLocalOnly(!elsewhere));
        }
    }

    private DeliveryOptions options(String address, MultiMap headers) {
        // Local-only deliveries reach every listener of this node and never touch Hazelcast.
        return new DeliveryOptions().setHeaders(headers).setLocalOnly(!elsewhere(address));
    }

    private boolean elsewhere(String address) {
        Interest current = interest.get();
        return current != null && current.elsewhere(address);
    }

    private void count(Throwable failure) {
        if (failure instanceof Refusal refusal) {
            counters.refused(refusal.code()).increment();
        }
    }

    private static String typeOf(MultiMap headers) {
        String type = headers.get(EventHeaders.TYPE);
        return type == null ? EventHeaders.DEFAULT_TYPE : type;
    }
}
