package dev.weir.source;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Counters;
import dev.weir.bus.Origin;
import dev.weir.bus.Position;
import dev.weir.bus.Publisher;
import dev.weir.bus.Receipt;
import dev.weir.event.Attributes;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one source on an event loop of its own and publishes what it makes. An {@link Input} is paused while too many of its events
 * are unanswered.
 */
public final class SourceVerticle extends VerticleBase implements InputContext {
    private static final Logger LOG = LoggerFactory.getLogger(SourceVerticle.class);
    private static final int MOST_UNANSWERED = 256;
    private static final int FEW_UNANSWERED = MOST_UNANSWERED / 2;
    private static final int MOST_REPORTS = 10;
    private static final int REPORT_EVERY = 1000;

    private final BuiltInSources.Bound bound;
    private final Publisher publisher;
    private final Counters counters;
    private final AccessLog accesses;
    private final Clock clock;
    private final String nodeId;
    private final Origin origin;
    private final Set<String> complained = new HashSet<>();
    private int unanswered;
    private long unreadable;

    /** @param bound the source and where its events go */
    public SourceVerticle(
            BuiltInSources.Bound bound,
            Publisher publisher,
            Counters counters,
            AccessLog accesses,
            Clock clock,
            String nodeId) {
        this.bound = bound;
        this.publisher = publisher;
        this.counters = counters;
        this.accesses = accesses;
        this.clock = clock;
        this.nodeId = nodeId;
        this.origin = Origin.node("nodes/" + nodeId + "/sources/" + bound.kind());
    }

    @Override
    public Future<?> start() {
        bound.source().start(this);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        bound.source().stop();
        return Future.succeededFuture();
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Timers timers() {
        return Timers.of(vertx);
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public AccessLog accesses() {
        return accesses;
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public void emit(String type, @Nullable String key, @Nullable Object data, @Nullable Position at) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(EventHeaders.TYPE, type);
        try {
            if (key != null && !key.isEmpty()) {
                EventHeaders.accept(headers, Attributes.SUBJECT, key);
            }
        } catch (InvalidEventException wrong) {
            bad(bound.kind(), "the key cannot be an event's subject: " + wrong.getMessage(), at);
            return;
        }
        unanswered++;
        Future<Receipt> receipt = publisher.publish(origin, bound.to(), headers, data, bytesOf(data));
        if (unanswered > MOST_UNANSWERED && bound.source() instanceof Input input && !receipt.isComplete()) {
            input.pause();
        }
        receipt.onComplete(done -> answered(done.cause()));
    }

    private static int bytesOf(@Nullable Object data) {
        return data instanceof JsonObject object
                ? object.toBuffer().length()
                : Json.encodeToBuffer(data).length();
    }

    private void answered(@Nullable Throwable failure) {
        unanswered--;
        if (failure != null) {
            complain(failure);
        }
        if (unanswered == FEW_UNANSWERED && bound.source() instanceof Input input) {
            input.resume();
        }
    }

    @Override
    public void bad(String place, String error, @Nullable Position at) {
        counters.unreadable.increment();
        unreadable++;
        if (unreadable <= MOST_REPORTS || unreadable % REPORT_EVERY == 0) {
            LOG.warn("{}: {} (number {} of source {} that cannot be read)", place, error, unreadable, bound.kind());
        }
    }

    @Override
    public void end() {
        LOG.info("source {} for {} has been read to its end", bound.kind(), bound.to());
    }

    @Override
    public Vertx vertx() {
        return vertx;
    }

    /** Says each kind of refusal once: a source that is refused once is refused with every event. */
    private void complain(Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        if (complained.add(reason)) {
            LOG.warn("an event of source {} for {} was refused: {}", bound.kind(), bound.to(), reason);
        }
    }

    @Override
    public void run(Runnable action) {
        context.runOnContext(then -> action.run());
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work);
    }
}
