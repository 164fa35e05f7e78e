package dev.weir.source;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Counters;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one source on an event loop of its own and publishes what it makes. */
public final class SourceVerticle extends VerticleBase implements SourceContext {
    private static final Logger LOG = LoggerFactory.getLogger(SourceVerticle.class);

    private final BuiltInSources.Bound bound;
    private final Publisher publisher;
    private final Counters counters;
    private final AccessLog accesses;
    private final Clock clock;
    private final String nodeId;
    private final Origin origin;
    private final Set<String> complained = new HashSet<>();

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
    public void emit(String type, JsonObject data) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(EventHeaders.TYPE, type);
        publisher
                .publish(origin, bound.to(), headers, data, data.toBuffer().length())
                .onFailure(this::complain);
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
