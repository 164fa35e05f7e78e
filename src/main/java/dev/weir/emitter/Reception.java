package dev.weir.emitter;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.bus.SpanKind;
import dev.weir.bus.Spans;
import dev.weir.bus.VerticleName;
import dev.weir.event.Event;
import dev.weir.event.InvalidEventException;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What comes to an emitter: registers at the bus while anybody here wants to hear something, and hands each event to the one who
 * answers, the listeners and the streams, in this order. Owned by the emitter's context.
 */
final class Reception implements Line.Ear {
    private static final String RECOVERED = "recovered";

    private final OwnContext own;
    private final String address;
    private final Nodes nodes;
    private final Listeners listeners;
    private final Teller teller;
    private final Clock clock;
    private final Spans spans;
    private @Nullable Registration registration;
    private @Nullable Function<Event, Future<?>> responder;
    private List<EventStream> streams = List.of();

    Reception(OwnContext own, String address, Nodes nodes, Listeners listeners) {
        this.own = own;
        this.address = address;
        this.nodes = nodes;
        this.listeners = listeners;
        this.clock = Clock.of(own.vertx());
        this.spans = Spans.of(own.vertx());
        this.teller = new Teller(address, listeners, clock, this::changed);
    }

    Teller teller() {
        return teller;
    }

    void respond(Function<Event, Future<?>> answer) {
        responder = answer;
        changed();
    }

    void add(EventStream stream) {
        streams = Stream.concat(streams.stream(), Stream.of(stream)).toList();
        changed();
    }

    void remove(EventStream ended) {
        streams = streams.stream().filter(stream -> stream != ended).toList();
        changed();
    }

    /** Somebody came or went. */
    void changed() {
        boolean wanted = responder != null
                || !streams.isEmpty()
                || listeners.types().stream().anyMatch(type -> !Publisher.LOCAL_TYPES.contains(type));
        Registration current = registration;
        if (wanted && (current == null || current.hasFailed())) {
            Registration made = new Registration(own, new Line(own.vertx(), address, nodes, this), teller::failed);
            registration = made;
            made.open();
        } else if (!wanted && current != null) {
            registration = null;
            current.close().onFailure(teller::failed);
        }
    }

    /** Runs the action at once, or behind a registration that is under way; throws a {@code busy} refusal when too many wait. */
    void afterwards(Runnable action) {
        if (registration == null) {
            action.run();
        } else {
            registration.afterwards(action);
        }
    }

    Future<Void> ready() {
        return registration == null
                ? Future.failedFuture("nothing listens to '" + address + "' here yet: call on() before ready()")
                : registration.ready();
    }

    /** Removes the listeners, ends the streams and leaves the bus. */
    Future<Void> close(Runnable removeListeners) {
        Registration current = registration;
        removeListeners.run();
        responder = null;
        streams.forEach(EventStream::close);
        changed();
        return current == null ? Future.succeededFuture() : current.close();
    }

    @Override
    public void missed(FailureCode why) {
        if (listeners.of(RECOVERED).isEmpty()) {
            teller.failed(new Refusal(why, "events of '" + address + "' were missed: " + why.meaning()));
        } else {
            teller.local(
                    RECOVERED,
                    new JsonObject()
                            .put("address", address)
                            .put(RECOVERED, false)
                            .put("reason", why.word()));
        }
    }

    @Override
    public void heard(MultiMap headers, @Nullable Object body, @Nullable Message<Object> message) {
        Event event;
        try {
            event = Inlet.event(address, clock, headers, body);
        } catch (InvalidEventException invalid) {
            teller.failed(invalid);
            return;
        }
        handle(headers, event, message);
        streams.forEach(stream -> stream.offer(event));
    }

    /** What is recorded is how long the code took that hears it, not what that waits for. */
    private void handle(MultiMap headers, Event event, @Nullable Message<Object> message) {
        Function<Event, Future<?>> answering = message == null || message.replyAddress() == null ? null : responder;
        boolean traced = spans.isOn(headers) && (answering != null || teller.isHeard(event.type()));
        long began = traced ? spans.nanos() : 0;
        if (answering != null && message != null) {
            answer(message, event, answering);
        }
        RuntimeException failure = teller.tell(event);
        if (failure != null) {
            long from = traced ? began : spans.nanos();
            spans.failed(
                    SpanKind.HANDLE, address, headers, from, spans.nanos() - from, String.valueOf(failure), detail());
        } else if (traced) {
            spans.record(SpanKind.HANDLE, address, headers, began, spans.nanos() - began, detail());
        }
    }

    private Object[] detail() {
        String verticle = VerticleName.of(own.context());
        return verticle == null ? new Object[0] : new Object[] {"verticle", verticle};
    }

    private void answer(Message<Object> request, Event event, Function<Event, Future<?>> how) {
        Future<?> answer;
        try {
            answer = how.apply(event);
        } catch (RuntimeException thrown) {
            answer = Future.failedFuture(thrown);
        }
        answer.compose(data -> {
                    request.reply(data);
                    return Future.succeededFuture();
                })
                .onFailure(failure -> {
                    if (!Failures.tell(request, failure)) {
                        own.run(() -> teller.failed(failure));
                    }
                });
    }
}
