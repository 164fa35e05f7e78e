package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts complete events on the bus, for the listeners of their address and of its pattern. Leaves the node only when somebody
 * listens elsewhere, so that nobody pays for a cluster that nobody uses. Thread-safe.
 */
final class Delivery {
    private static final DeliveryOptions KEPT = new DeliveryOptions().setCodecName(KeptCodec.NAME);
    private static final DeliveryOptions KEPT_HERE = new DeliveryOptions(KEPT).setLocalOnly(true);

    private final EventBus bus;
    private final Counters counters;
    private final AtomicReference<Predicate<String>> here = new AtomicReference<>(address -> true);
    private final AtomicReference<Interest> interest = new AtomicReference<>(Interest.ALONE);
    private final Set<String> patternsHere = ConcurrentHashMap.newKeySet();

    Delivery(EventBus bus, Counters counters) {
        this.bus = bus;
        this.counters = counters;
    }

    /** How to know whether this node has a consumer of an address or a pattern; until it is told, it is taken to have. */
    void listening(Predicate<String> consumers) {
        here.set(consumers);
    }

    void interest(Interest elsewhere) {
        interest.set(elsewhere);
    }

    /** An edge of this node listens to a pattern; for good, since patterns are few. */
    void serves(String pattern) {
        patternsHere.add(Addresses.ofPattern(pattern));
    }

    /**
     * Puts events that are kept on their address, for bare consumers. Where nobody hears them the bus is not asked, and nothing is
     * parsed: the sessions of an edge hear of the log instead.
     */
    void publishKept(@Nullable Policy policy, Kept kept) {
        String pattern = policy == null ? null : policy.heardUnder();
        if (!elsewhere(kept.address()) && isUnheard(kept.address(), pattern)) {
            return;
        }
        for (KeptEvent event : kept.events()) {
            publish(policy, kept.address(), event.headers(), event.body());
        }
    }

    void publish(@Nullable Policy policy, String address, MultiMap headers, @Nullable Object data) {
        DeliveryOptions options = options(address, headers);
        bus.publish(address, data, options);
        String pattern = policy == null ? null : policy.heardUnder();
        if (pattern != null) {
            publishToPattern(Addresses.ofPattern(pattern), address, headers, data);
        }
        // What is kept is heard by whoever comes later.
        if (policy != null && policy.keep() == null && options.isLocalOnly() && isUnheard(address, pattern)) {
            unheard(address);
        }
    }

    private void unheard(String address) {
        counters.unheard.increment();
        counters.traffic.unheard(address);
    }

    /** Brings something to the listeners of this very address, and to nobody who listens to a pattern. */
    void publishToAddress(String address, MultiMap headers, Object data) {
        bus.publish(address, data, options(address, headers));
    }

    private void publishToPattern(String pattern, String address, MultiMap headers, @Nullable Object data) {
        boolean elsewhere = elsewhere(pattern);
        if (elsewhere || patternsHere.contains(pattern)) {
            MultiMap copy = MultiMap.caseInsensitiveMultiMap().addAll(headers).set(Wire.ADDRESS, address);
            bus.publish(pattern, data, new DeliveryOptions().setHeaders(copy).setLocalOnly(!elsewhere));
        }
    }

    /** Whether anybody listens to an address of a policy, anywhere; answered out of memory. */
    boolean isHeard(Policy policy, String address) {
        String pattern = policy.heardUnder();
        return elsewhere(address) || !hearsNobody(address, pattern);
    }

    /** Nobody elsewhere listens to the address; does nobody else? One look at a map where somebody does. */
    private boolean isUnheard(String address, @Nullable String pattern) {
        if (Addresses.isSystem(address)) {
            return false; // What Weir tells of itself need not be heard.
        }
        return hearsNobody(address, pattern);
    }

    private boolean hearsNobody(String address, @Nullable String pattern) {
        Predicate<String> consumers = Objects.requireNonNull(here.get(), "never null");
        return !consumers.test(address)
                && (pattern == null || (!consumers.test(pattern) && !elsewhere(Addresses.ofPattern(pattern))));
    }

    /** Tells whoever follows the log that it has grown. */
    void tell(Kept kept) {
        String log = Addresses.ofLog(kept.address());
        bus.publish(log, kept, elsewhere(log) ? KEPT : KEPT_HERE);
    }

    void sendOne(String address, MultiMap headers, @Nullable Object data) {
        DeliveryOptions options = options(address, headers);
        bus.send(address, data, options);
        if (options.isLocalOnly() && isUnheard(address, null)) {
            unheard(address);
        }
    }

    Future<Message<Object>> request(String address, MultiMap headers, @Nullable Object data, long timeoutMillis) {
        return bus.request(address, data, options(address, headers).setSendTimeout(timeoutMillis))
                .recover(Delivery::nobodyLeft);
    }

    /** A node whose last session has just left answers for it; to whoever asks that is nobody, as on an unused address. */
    private static <T> Future<T> nobodyLeft(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureCode() == FailureCode.NO_HANDLERS.number()
                ? Future.failedFuture(new ReplyException(ReplyFailure.NO_HANDLERS, FailureCode.NO_HANDLERS.meaning()))
                : Future.failedFuture(failure);
    }

    private DeliveryOptions options(String address, MultiMap headers) {
        // Local-only deliveries reach every listener of this node and never touch Hazelcast.
        return new DeliveryOptions().setHeaders(headers).setLocalOnly(!elsewhere(address));
    }

    private boolean elsewhere(String address) {
        Interest current = interest.get();
        return current != null && current.elsewhere(address);
    }
}
