package dev.weir.emitter;

import dev.weir.bus.Addresses;
import dev.weir.bus.Publisher;
import dev.weir.bus.Receipt;
import dev.weir.event.Event;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code EventEmitter} of Node for an address of the event bus: listeners are local and synchronous, {@code emit} goes to everyone
 * who listens anywhere. One's own events come back over the bus, in order with everyone's.
 *
 * <p>An emitter belongs to the context that made it: only code of that context may call it, and listeners run there. What a
 * listener throws reaches the {@code "error"} listeners, or the log when there are none, and the other listeners hear the event
 * all the same.
 *
 * <p>The types {@code error}, {@code newListener}, {@code removeListener} and those of a connection are local: they never travel.
 */
public final class Emitter {
    /** The type whose listeners hear every event that travels. */
    public static final String ALL = "*";

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);
    private static final String ERROR = "error";
    private static final long DEFAULT_TIMEOUT_MILLIS = 10_000;

    private final ContextInternal context;
    private final String address;
    private final Outlet outlet;
    private final Listeners listeners;
    private @Nullable MessageConsumer<Object> consumer;
    private @Nullable Function<Event, Future<?>> responder;

    private Emitter(ContextInternal context, String address) {
        this.context = context;
        this.address = address;
        this.outlet = new Outlet(context.owner());
        this.listeners = new Listeners(address);
    }

    /**
     * The emitter of an address, for the current context.
     *
     * @param address where events go and come from; a pattern of a policy, such as {@code chat.*}, can be heard but not emitted to
     * @throws IllegalArgumentException when it is neither an address nor a pattern
     */
    public static Emitter of(Vertx vertx, String address) {
        if (!Addresses.isValid(address) && !Addresses.isPattern(address)) {
            throw new IllegalArgumentException(
                    "'" + address
                            + "' is no address: 1 to 200 letters, digits and _~@:+- in segments joined by dots, such as orders.eu");
        }
        return new Emitter((ContextInternal) vertx.getOrCreateContext(), address);
    }

    /** Where it emits to. */
    public String address() {
        return address;
    }

    /** Adds a listener behind the others of its type; {@link #ALL} hears every type. */
    public <T> Emitter on(String type, Listener<T> listener) {
        return add(type, listener, false, false);
    }

    /** As {@link #on}. */
    public <T> Emitter addListener(String type, Listener<T> listener) {
        return on(type, listener);
    }

    /** Adds a listener ahead of the others. */
    public <T> Emitter prependListener(String type, Listener<T> listener) {
        return add(type, listener, false, true);
    }

    /** Adds a listener that hears one event. */
    public <T> Emitter once(String type, Listener<T> listener) {
        return add(type, listener, true, false);
    }

    /** Adds a listener that hears one event, ahead of the others. */
    public <T> Emitter prependOnceListener(String type, Listener<T> listener) {
        return add(type, listener, true, true);
    }

    /** The next event of a type. */
    public Future<Event> once(String type) {
        Promise<Event> next = context.promise();
        once(type, (data, event) -> next.complete(event));
        return next.future();
    }

    /** Removes a listener; of one that was added twice, the later. */
    public Emitter off(String type, Listener<?> listener) {
        if (listeners.remove(type, listener)) {
            local("removeListener", type);
            changed();
        }
        return this;
    }

    /** As {@link #off}. */
    public Emitter removeListener(String type, Listener<?> listener) {
        return off(type, listener);
    }

    /** Removes all listeners of a type. */
    public Emitter removeAllListeners(String type) {
        listeners.of(type).forEach(entry -> off(type, entry.listener()));
        return this;
    }

    /** Removes all listeners. */
    public Emitter removeAllListeners() {
        listeners.types().forEach(this::removeAllListeners);
        return this;
    }

    /** How many listeners of a type there are here. */
    public int listenerCount(String type) {
        return listeners.of(type).size();
    }

    /** The types that have listeners here, in the order in which they got the first. */
    public List<String> eventNames() {
        return listeners.types();
    }

    /** How many listeners a type may have here before a leak is suspected and said once; 0 is unbounded. */
    public Emitter setMaxListeners(int most) {
        listeners.max(most);
        return this;
    }

    /** As set; 10 at first. */
    public int getMaxListeners() {
        return listeners.max();
    }

    /** Emits an event without data; as {@link #emit(String, Object, EmitOptions)}. */
    public Future<Receipt> emit(String type) {
        return emit(type, null, EmitOptions.NONE);
    }

    /** Emits an event; as {@link #emit(String, Object, EmitOptions)}. */
    public Future<Receipt> emit(String type, @Nullable Object data) {
        return emit(type, data, EmitOptions.NONE);
    }

    /**
     * Emits an event to everyone who listens, here and anywhere.
     *
     * @param data null, a String, Number, Boolean, JsonObject, JsonArray or Buffer
     * @return what the server says: the event's id; fails with a {@link dev.weir.bus.Refusal}. A refusal that nobody awaits goes to
     *     the {@code "error"} listeners, or to the log when there are none
     */
    public Future<Receipt> emit(String type, @Nullable Object data, EmitOptions options) {
        Emission emission = new Emission(context);
        sent(type, data, options).onComplete(done -> {
            if (done.succeeded()) {
                emission.tryComplete(done.result());
            } else {
                emission.tryFail(done.cause());
                context.runOnContext(later -> {
                    if (!emission.isAwaited()) {
                        failed(done.cause());
                    }
                });
            }
        });
        return emission;
    }

    private Future<Receipt> sent(String type, @Nullable Object data, EmitOptions options) {
        if (type.equals(ALL)) {
            return Future.failedFuture(Outlet.reserved(type));
        }
        try {
            return outlet.emit(address, type, options.headers(type), data);
        } catch (RuntimeException wrong) {
            return Future.failedFuture(wrong);
        }
    }

    /** Asks whoever answers at the address, for at most 10 s; the result is the answer's data. */
    public Future<@Nullable Object> request(String type, @Nullable Object data) {
        return request(type, data, EmitOptions.NONE, DEFAULT_TIMEOUT_MILLIS);
    }

    /**
     * Asks whoever answers at the address.
     *
     * @param timeoutMillis how long to wait for the answer, 1 or more
     * @return the answer's data; fails with a {@link dev.weir.bus.Refusal} or with the bus's own {@code ReplyException}
     */
    public Future<@Nullable Object> request(
            String type, @Nullable Object data, EmitOptions options, long timeoutMillis) {
        return outlet.request(address, options.headers(type), data, timeoutMillis)
                .map(Message::body);
    }

    /**
     * Answers requests at the address with what the function's future brings; when it fails, the asker is told so. The
     * failure's message travels.
     */
    public Emitter respond(Function<Event, Future<?>> answer) {
        responder = answer;
        changed();
        return this;
    }

    /** Completes once the registration is known to the whole cluster: nothing emitted from then on is missed. */
    public Future<Void> ready() {
        MessageConsumer<Object> current = consumer;
        return current == null
                ? context.failedFuture("nothing listens to '" + address + "' here yet: call on() before ready()")
                : current.completion();
    }

    /** Ends it: no listener hears anything any more. */
    public Future<Void> close() {
        responder = null;
        listeners
                .types()
                .forEach(type -> listeners.of(type).forEach(entry -> listeners.remove(type, entry.listener())));
        MessageConsumer<Object> current = consumer;
        consumer = null;
        return current == null ? context.succeededFuture() : current.unregister();
    }

    @SuppressWarnings("unchecked") // A listener of other data than comes fails alone, when it hears it.
    private <T> Emitter add(String type, Listener<T> listener, boolean once, boolean first) {
        if (type.isEmpty()) {
            throw new IllegalArgumentException("an event type has at least one character");
        }
        local("newListener", type);
        listeners.add(type, new Listeners.Entry((Listener<Object>) listener, once), first);
        changed();
        return this;
    }

    /** Registers at the bus while anybody here wants to hear something, and not otherwise. */
    private void changed() {
        boolean wanted =
                responder != null || listeners.types().stream().anyMatch(type -> !Publisher.LOCAL_TYPES.contains(type));
        if (wanted && consumer == null) {
            consumer = register();
        } else if (!wanted && consumer != null) {
            consumer.unregister().onFailure(this::failed);
            consumer = null;
        }
    }

    private MessageConsumer<Object> register() {
        Vertx vertx = context.owner();
        if (!Addresses.isPattern(address)) {
            return vertx.eventBus().consumer(address, this::receive);
        }
        Publisher node = Publisher.of(vertx);
        if (node == null) {
            throw new IllegalStateException(
                    "'" + address + "' is a pattern: only verticles inside a Weir node can listen to one");
        }
        node.serves(address);
        return vertx.eventBus().consumer(Addresses.ofPattern(address), this::receive);
    }

    private void receive(Message<Object> message) {
        Event event;
        try {
            event = EventHeaders.fromMessage("/" + address, Clock.system()::now, message.headers(), message.body());
        } catch (InvalidEventException invalid) {
            failed(invalid);
            return;
        }
        if (responder != null && message.replyAddress() != null) {
            answer(message, event, responder);
        }
        listeners.of(event.type()).forEach(entry -> tell(event.type(), entry, event.data(), event));
        listeners.of(ALL).forEach(entry -> tell(ALL, entry, event.data(), event));
    }

    private void answer(Message<Object> request, Event event, Function<Event, Future<?>> how) {
        Future<?> answer;
        try {
            answer = how.apply(event);
        } catch (RuntimeException thrown) {
            answer = Future.failedFuture(thrown);
        }
        answer.onSuccess(request::reply).onFailure(failure -> {
            request.fail(1, String.valueOf(failure.getMessage()));
            failed(failure);
        });
    }

    private void tell(String type, Listeners.Entry entry, @Nullable Object data, Event event) {
        if (entry.once() && !listeners.remove(type, entry.listener())) {
            return;
        }
        try {
            entry.listener().heard(data, event);
        } catch (RuntimeException thrown) {
            if (type.equals(ERROR)) {
                LOG.error("an 'error' listener of '{}' failed", address, thrown);
            } else {
                failed(thrown);
            }
        }
        if (entry.once()) {
            changed();
        }
    }

    private void failed(Throwable failure) {
        if (listeners.of(ERROR).isEmpty()) {
            LOG.error("the emitter of '{}' has no 'error' listener", address, failure);
        } else {
            local(ERROR, failure);
        }
    }

    private void local(String type, Object data) {
        List<Listeners.Entry> told = listeners.of(type);
        if (told.isEmpty()) {
            return;
        }
        Event event = Event.builder()
                .id(UUID.randomUUID().toString())
                .source("/" + address)
                .type(type)
                .time(Clock.system().now())
                .build();
        told.forEach(entry -> tell(type, entry, data, event));
    }
}
