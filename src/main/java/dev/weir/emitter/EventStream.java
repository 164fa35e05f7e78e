package dev.weir.emitter;

import dev.weir.event.Event;
import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of an emitter for a reader that sets the pace: {@code pause()}, {@code fetch(n)}, {@code pipeTo(...)}. Producers cannot be
 * asked to wait, so events wait here, at most as many as the limit says; what happens then is said by {@link Overflow} and never
 * silent. Owned by the emitter's context, where its handlers run; its methods may be called from anywhere.
 */
public final class EventStream implements ReadStream<Event> {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private final OwnContext own;
    private final String address;
    private final String type;
    private final int limit;
    private final Overflow overflow;
    private final Consumer<EventStream> closed;
    private final Consumer<Throwable> unheard;
    private final LongAdder allDropped;
    private final LongAdder dropped = new LongAdder();
    private final ArrayDeque<Event> waiting = new ArrayDeque<>();
    private @Nullable Handler<Event> handler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable RuntimeException failure;
    private long demand = Long.MAX_VALUE;
    private boolean ended;
    private boolean told;
    private boolean draining;

    /**
     * @param closed told when the stream wants no more events
     * @param unheard told of failures without an exception handler
     * @param allDropped counts what the streams of a node drop
     */
    EventStream(
            OwnContext own,
            Reading reading,
            Consumer<EventStream> closed,
            Consumer<Throwable> unheard,
            LongAdder allDropped) {
        this.own = own;
        this.address = reading.address();
        this.type = reading.type();
        this.limit = reading.limit();
        this.overflow = reading.overflow();
        this.closed = closed;
        this.unheard = unheard;
        this.allDropped = allDropped;
    }

    /** What is read, and how much may wait. */
    record Reading(String address, String type, int limit, Overflow overflow) {
        Reading {
            if (limit < 1) {
                throw new IllegalArgumentException("a stream holds 1 event or more, not " + limit);
            }
        }
    }

    /** How many events {@link Overflow#DROP_OLDEST} has dropped. */
    public long dropped() {
        return dropped.sum();
    }

    /** Ends the stream: what waits is forgotten, and the end handler is called. */
    public void close() {
        own.run(() -> {
            waiting.clear();
            end(null);
        });
    }

    @Override
    public EventStream handler(@Nullable Handler<Event> reader) {
        own.run(() -> {
            handler = reader;
            drain();
        });
        return this;
    }

    @Override
    public EventStream exceptionHandler(@Nullable Handler<Throwable> told) {
        own.run(() -> exceptionHandler = told);
        return this;
    }

    @Override
    public EventStream endHandler(@Nullable Handler<Void> told) {
        own.run(() -> endHandler = told);
        return this;
    }

    @Override
    public EventStream pause() {
        own.run(() -> demand = 0);
        return this;
    }

    @Override
    public EventStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public EventStream fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("fetch takes 0 or more, not " + amount);
        }
        own.run(() -> {
            long sum = demand + amount;
            demand = sum < 0 ? Long.MAX_VALUE : sum;
            drain();
        });
        return this;
    }

    /** An event came to the emitter. */
    void offer(Event event) {
        if (ended || !(type.equals(Emitter.ALL) || type.equals(event.type()))) {
            return;
        }
        if (waiting.size() < limit) {
            waiting.add(event);
        } else if (overflow == Overflow.FAIL) {
            end(new SlowReaderException(address, limit));
        } else {
            drop();
            waiting.add(event);
        }
        drain();
    }

    private void drop() {
        waiting.remove();
        if (dropped.sum() == 0) {
            LOG.warn("a reader of '{}' is slower than its events: the oldest are dropped above {}", address, limit);
        }
        dropped.increment();
        allDropped.increment();
    }

    private void end(@Nullable RuntimeException why) {
        if (!ended) {
            ended = true;
            failure = why;
            closed.accept(this);
            drain();
        }
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        while (handler != null && demand > 0 && !waiting.isEmpty()) {
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            read(handler, waiting.remove());
        }
        draining = false;
        if (ended && waiting.isEmpty() && !told) {
            told = true;
            tellEnd();
        }
    }

    private void read(Handler<Event> reader, Event event) {
        try {
            reader.handle(event);
        } catch (RuntimeException thrown) {
            unheard.accept(thrown);
        }
    }

    private void tellEnd() {
        if (failure == null) {
            if (endHandler != null) {
                endHandler.handle(null);
            }
        } else if (exceptionHandler == null) {
            unheard.accept(failure);
        } else {
            exceptionHandler.handle(failure);
        }
    }
}
