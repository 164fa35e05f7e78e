package dev.weir.journal.trace;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.bus.Traces;
import dev.weir.journal.Engine;
import dev.weir.journal.JournalException;
import dev.weir.journal.TraceStore;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows events through an engine. One search at a time on a thread of its own, so that no number of them keeps readers waiting.
 * Thread-safe.
 */
public final class EngineTraces implements Traces {
    private static final Logger LOG = LoggerFactory.getLogger(EngineTraces.class);
    private static final int MOST_WAITING = 8;

    private final Engine engine;
    private final Clock clock;
    private final Supplier<InForce> inForce;
    private final WorkerExecutor searching;
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param inForce what reads logs now */
    public EngineTraces(Vertx vertx, Engine engine, Clock clock, Supplier<InForce> inForce) {
        this.engine = engine;
        this.clock = clock;
        this.inForce = inForce;
        this.searching = vertx.createSharedWorkerExecutor("weir-journal-search-" + System.identityHashCode(this), 1);
    }

    @Override
    public Future<Found> find(Query query) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new Refusal(FailureCode.BUSY, "others are searching the journal; try again in a few seconds"));
        }
        return searching.executeBlocking(() -> search(query)).onComplete(done -> waiting.decrementAndGet());
    }

    private Found search(Query query) {
        try {
            TraceStore store = engine.traces()
                    .orElseThrow(() -> new Refusal(FailureCode.UNAVAILABLE, "this journal cannot be searched"));
            Search search = new Search(store, clock, query);
            search.run();
            Fates fates = new Fates(store, search.sought(), inForce.get());
            List<Event> events = fates.follow(search.hits());
            return new Found(events, fates.facts(), search.searched(), search.hasMore(), fates.lacks());
        } catch (JournalException e) {
            LOG.warn("{}", e.getMessage());
            throw new Refusal(FailureCode.UNAVAILABLE, "kept events cannot be read now");
        }
    }

    /** Ends the searching. */
    public Future<Void> close() {
        return searching.close();
    }
}
