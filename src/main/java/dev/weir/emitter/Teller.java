package dev.weir.emitter;

import dev.weir.event.Event;
import dev.weir.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an emitter's listeners. What one of them throws goes to the {@code "error"} listeners, or to the log when there are none;
 * the others hear the event all the same. Owned by the emitter's context.
 */
final class Teller {
    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);
    private static final String ERROR = "error";

    private final String address;
    private final Listeners listeners;
    private final Clock clock;
    private final Runnable changed;
    private volatile @Nullable EmitterTracer tracer;

    /** @param changed told when a listener of one event has heard it */
    Teller(String address, Listeners listeners, Clock clock, Runnable changed) {
        this.address = address;
        this.listeners = listeners;
        this.clock = clock;
        this.changed = changed;
    }

    /** Prints what happens; null ends that. From any thread. */
    void trace(@Nullable EmitterTracer other) {
        tracer = other;
    }

    @Nullable
    EmitterTracer tracer() {
        return tracer;
    }

    /** Whether anybody would hear an event of a type. */
    boolean isHeard(String type) {
        return !listeners.of(type).isEmpty() || !listeners.of(Emitter.ALL).isEmpty();
    }

    /**
     * An event came.
     *
     * @return what the first listener threw that failed, null when none did
     */
    @Nullable
    RuntimeException tell(Event event) {
        EmitterTracer traced = tracer;
        if (traced != null) {
            traced.heard(
                    event,
                    listeners.of(event.type()).size()
                            + listeners.of(Emitter.ALL).size());
        }
        RuntimeException failure = tell(event.type(), listeners.of(event.type()), event, null);
        return tell(Emitter.ALL, listeners.of(Emitter.ALL), event, failure);
    }

    private @Nullable RuntimeException tell(
            String type, List<Listeners.Entry> told, Event event, @Nullable RuntimeException before) {
        RuntimeException first = before;
        for (Listeners.Entry entry : told) {
            RuntimeException failure = tell(type, entry, event.data(), event);
            first = first == null ? failure : first;
        }
        return first;
    }

    private @Nullable RuntimeException tell(String type, Listeners.Entry entry, @Nullable Object data, Event event) {
        if (entry.once() && !listeners.remove(type, entry.listener())) {
            return null;
        }
        RuntimeException failure = null;
        try {
            entry.listener().heard(data, event);
        } catch (RuntimeException thrown) {
            failure = thrown;
            if (type.equals(ERROR)) {
                LOG.error("an 'error' listener of '{}' failed", address, thrown);
            } else {
                failed(thrown);
            }
        }
        if (entry.once()) {
            changed.run();
        }
        return failure;
    }

    /** Something failed that nobody waits for. */
    void failed(Throwable failure) {
        EmitterTracer traced = tracer;
        if (traced != null && listeners.of(ERROR).isEmpty()) {
            traced.local(ERROR, failure);
        }
        if (listeners.of(ERROR).isEmpty()) {
            LOG.error("the emitter of '{}' has no 'error' listener", address, failure);
        } else {
            local(ERROR, failure);
        }
    }

    /** Something happened here that does not travel. */
    void local(String type, Object data) {
        EmitterTracer traced = tracer;
        if (traced != null) {
            traced.local(type, data);
        }
        List<Listeners.Entry> told = listeners.of(type);
        if (told.isEmpty()) {
            return;
        }
        Event event = Event.builder()
                .id(UUID.randomUUID().toString())
                .source("/" + address)
                .type(type)
                .time(clock.now())
                .build();
        told.forEach(entry -> tell(type, entry, data, event));
    }
}
