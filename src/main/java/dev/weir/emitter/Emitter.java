package dev.weir.emitter;

import dev.weir.bus.Addresses;
import dev.weir.bus.Counters;
import dev.weir.bus.ListenerCounts;
import dev.weir.bus.Position;
import dev.weir.bus.Receipt;
import dev.weir.event.Event;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code EventEmitter} of Node for an address of the event bus: listeners are local and synchronous, {@code emit} goes to everyone
 * who listens anywhere. One's own events come back over the bus, in order with everyone's.
 *
 * <p>An emitter belongs to the context that made it: listeners run there, one after another. For code of that context everything
 * takes effect at once; calls from elsewhere do so a moment later, in their order. What a listener throws reaches the
 * {@code "error"} listeners, or the log when there are none, and the other listeners hear the event all the same.
 *
 * <p>The types {@code error}, {@code newListener}, {@code removeListener} and those of a connection are local: they never travel.
 */
public final class Emitter {
    /** The type whose listeners hear every event that travels. */
    public static final String ALL = "*";

    private static final long DEFAULT_TIMEOUT_MILLIS = 10_000;
    private static final int DEFAULT_LIMIT = 1024;
    private static final String REMOVED = "removeListener";

    private final OwnContext own;
    private final String address;
    private final Nodes nodes;
    private final Outlet outlet;
    private final Listeners listeners;
    private final Teller teller;
    private final Reception reception;
    private @Nullable Presence presence;

    private Emitter(OwnContext own, String address) {
        this.own = own;
        this.address = address;
        this.nodes = new Nodes(own.vertx());
        this.outlet = new Outlet(own.vertx(), address, nodes);
        this.listeners = new Listeners(
                address,
                ListenerCounts.of(own.vertx()).at(address, own.context().deploymentID()));
        this.reception = new Reception(own, address, nodes, listeners);
        this.teller = reception.teller();
    }

    /**
     * The emitter of an address, for the current context.
     *
     * @param address where events go and come from; a pattern of a policy, such as {@code chat.*}, can be heard but not emitted to
     * @throws IllegalArgumentException when it is neither an address nor a pattern
     */
    public static Emitter of(Vertx vertx, String address) {
        if (Addresses.isInternal(address) || !(Addresses.isValid(address) || Addresses.isPattern(address))) {
            throw new IllegalArgumentException("'" + address
                    + "' is no address: 1 to 200 letters, digits and _~@:+- in segments joined by dots, such as orders.eu, and not"
                    + " beginning with __");
        }
        return new Emitter(OwnContext.current(vertx), address);
    }

    /** The address or pattern. */
    public String address() {
        return address;
    }

    /** Where an event that this emitter heard was emitted: the emitter's own address, or the one below its pattern. */
    public String addressOf(Event event) {
        String real = Inlet.addressOf(event);
        return real == null ? address : real;
    }

    /** Where an event is kept that an emitter heard; null when its address keeps nothing. */
    public static @Nullable Position positionOf(Event event) {
        return Inlet.positionOf(event);
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
        Promise<Event> next = own.caller().promise();
        once(type, (data, event) -> next.complete(event));
        return next.future();
    }

    /** All events, for a reader that sets the pace; as {@link #events(String, int, Overflow)}. */
    public EventStream events() {
        return events(ALL);
    }

    /** The events of a type, of which 1024 may wait; the stream fails when more do. */
    public EventStream events(String type) {
        return events(type, DEFAULT_LIMIT, Overflow.FAIL);
    }

    /**
     * The events of a type for a reader that sets the pace. {@code ready()} tells from when on nothing is missed. The stream counts
     * as a listener until it is closed, fails, or the emitter is closed.
     *
     * @param type {@link #ALL} for every type
     * @param limit how many events may wait for the reader, 1 or more
     * @param overflow what happens when more would
     */
    public EventStream events(String type, int limit, Overflow overflow) {
        EventStream stream = new EventStream(
                own,
                new EventStream.Reading(address, type, limit, overflow),
                reception::remove,
                failure -> own.run(() -> teller.failed(failure)),
                Counters.of(own.vertx()).streamDrops);
        own.run(() -> reception.add(stream));
        return stream;
    }

    /** Removes a listener; of one that was added twice, the later. */
    public Emitter off(String type, Listener<?> listener) {
        own.run(() -> {
            if (listeners.remove(type, listener)) {
                teller.local(REMOVED, type);
                reception.changed();
            }
        });
        return this;
    }

    /** As {@link #off}. */
    public Emitter removeListener(String type, Listener<?> listener) {
        return off(type, listener);
    }

    /** Removes all listeners of a type. */
    public Emitter removeAllListeners(String type) {
        own.run(() -> listeners.of(type).forEach(entry -> off(type, entry.listener())));
        return this;
    }

    /** Removes all listeners. */
    public Emitter removeAllListeners() {
        own.run(() -> {
            listeners.types().stream().filter(type -> !type.equals(REMOVED)).forEach(this::removeAllListeners);
            removeAllListeners(REMOVED);
        });
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

    /**
     * How many listen to the address in the whole system: sessions, streams and verticles of all nodes, this emitter included.
     * What {@code GET /v1/addresses/{address}} says.
     *
     * @return fails with a {@link dev.weir.bus.Refusal} {@code unavailable} where no node can be reached
     */
    public Future<Integer> listeners() {
        Promise<Integer> counted = own.caller().promise();
        own.run(() -> nodes.listeners(address).onComplete(counted));
        return counted.future();
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
     * Emits an event to everyone who listens, here and anywhere; after a registration of this emitter that is under way. From any
     * thread.
     *
     * @param data null, a String, Number, Boolean, JsonObject, JsonArray or Buffer; copied
     * @return what the server says: the event's id, and where it is kept; fails with a {@link dev.weir.bus.Refusal}. A refusal that
     *     nobody awaits goes to the {@code "error"} listeners, or to the log when there are none
     */
    public Future<Receipt> emit(String type, @Nullable Object data, EmitOptions options) {
        return afterwards(type, data, options, outlet::send);
    }

    /**
     * Takes an event back that was emitted for later, by anybody. From any thread.
     *
     * @param id as its receipt says
     * @return completes once it will not be delivered; fails with a {@link dev.weir.bus.Refusal}: {@code too_late} when it was
     *     delivered, {@code not_found} when no such event is known
     */
    public Future<Void> cancel(String id) {
        Promise<Void> cancelled = own.caller().promise();
        own.run(() -> nodes.cancel(address, id).onComplete(cancelled));
        return cancelled.future();
    }

    /** Asks whoever answers at the address, for at most 10 s; the result is the answer's data. */
    public Future<@Nullable Object> request(String type, @Nullable Object data) {
        return request(type, data, EmitOptions.NONE, DEFAULT_TIMEOUT_MILLIS);
    }

    /**
     * Asks whoever answers at the address. From any thread.
     *
     * @param timeoutMillis how long to wait for the answer, 1 or more
     * @return the answer's data; fails with a {@link dev.weir.bus.Refusal}: {@code no_handlers}, {@code timeout}, what the policy
     *     says or what the answering side refused with; and with a {@code ReplyException} when that side failed with a number of
     *     its own. A failure that nobody awaits goes where refusals of {@code emit} go
     */
    public Future<@Nullable Object> request(
            String type, @Nullable Object data, EmitOptions options, long timeoutMillis) {
        if (timeoutMillis < 1) {
            throw new IllegalArgumentException("a request waits 1 ms or more, not " + timeoutMillis);
        }
        return afterwards(type, data, options, event -> outlet.request(event, timeoutMillis)
                .map(Message::body));
    }

    private <T> Future<T> afterwards(
            String type, @Nullable Object data, EmitOptions options, Function<Outlet.Ready, Future<T>> send) {
        Emission<T> emission = new Emission<>(own.caller(), failure -> own.run(() -> teller.failed(failure)));
        EmitterTracer tracer = teller.tracer();
        if (tracer != null) {
            tracer.emitted(type, data, options);
        }
        try {
            Outlet.Ready event = outlet.event(type, data, options);
            own.run(() -> queue(emission, () -> emission.follow(send.apply(event))));
        } catch (RuntimeException refused) {
            emission.settle(null, refused);
        }
        return emission;
    }

    private void queue(Emission<?> emission, Runnable send) {
        try {
            reception.afterwards(send);
        } catch (RuntimeException refused) {
            emission.settle(null, refused);
        }
    }

    /**
     * Answers requests at the address with what the function's future brings. When it fails, the asker is told so: with code and
     * message of a {@link dev.weir.bus.Refusal} or {@code ReplyException}, with the text of {@code Future.failedFuture("text")},
     * and without details of anything else: that goes to the {@code "error"} listeners here.
     */
    public Emitter respond(Function<Event, Future<?>> answer) {
        own.run(() -> reception.respond(answer));
        return this;
    }

    /**
     * Who is on the address: watched from the first call on, the same object until it is closed.
     *
     * @throws IllegalStateException where there is neither a Weir node nor a cluster, and on a pattern
     */
    public Presence presence() {
        if (Addresses.isPattern(address)) {
            throw new IllegalStateException("nobody is on the pattern '" + address + "': name an address");
        }
        Presence known = presence;
        if (known == null || known.isClosed()) {
            known = new Presence(own.context(), address);
            presence = known;
        }
        return known;
    }

    /**
     * Completes once the registration is known to the whole cluster: nothing emitted from then on is missed. Fails with a
     * {@link dev.weir.bus.Refusal} {@code unknown_address} when no policy declares the address or pattern.
     */
    public Future<Void> ready() {
        Promise<Void> ready = own.caller().promise();
        own.run(() -> reception.ready().onComplete(ready));
        return ready.future();
    }

    /** Ends it: no listener hears anything any more. */
    public Future<Void> close() {
        Presence watched = presence;
        if (watched != null) {
            own.run(watched::close);
        }
        Promise<Void> closed = own.caller().promise();
        own.run(() -> reception.close(this::removeAllListeners).onComplete(closed));
        return closed.future();
    }

    /** Prints what happens; null ends that. */
    void trace(@Nullable EmitterTracer tracer) {
        teller.trace(tracer);
    }

    @SuppressWarnings("unchecked") // A listener of other data than comes fails alone, when it hears it.
    private <T> Emitter add(String type, Listener<T> listener, boolean once, boolean first) {
        if (type.isEmpty()) {
            throw new IllegalArgumentException("an event type has at least one character");
        }
        own.run(() -> {
            teller.local("newListener", type);
            listeners.add(type, new Listeners.Entry((Listener<Object>) listener, once), first);
            reception.changed();
        });
        return this;
    }
}
