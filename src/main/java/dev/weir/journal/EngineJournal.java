package dev.weir.journal;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Position;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's journal over an engine: group commit in front, a few reading threads beside. Durable events go to listeners from one
 * event loop context, in the order of their logs, and only then to their producers as receipts.
 */
public final class EngineJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(EngineJournal.class);
    private static final int READERS = 2;
    private static final int ENTRY_OVERHEAD = 200;

    private final VertxInternal vertx;
    private final Engine engine;
    private final Consumer<Kept> announce;
    private final GroupCommit writer;
    private final WorkerExecutor readers;
    private final Context telling;

    /**
     * @param announce told of what is durable
     */
    public EngineJournal(Vertx vertx, Engine engine, Clock clock, Consumer<Kept> announce) {
        this.vertx = (VertxInternal) vertx;
        this.engine = engine;
        this.announce = announce;
        this.writer = new GroupCommit(engine, clock, this::committed);
        this.readers = vertx.createSharedWorkerExecutor("weir-journal-read-" + System.identityHashCode(this), READERS);
        this.telling = this.vertx.createEventLoopContext();
    }

    /** Opens the engine; one that does not open is tried again, see {@link #trouble()}. */
    public Future<Void> start() {
        return readers.executeBlocking(() -> {
            writer.start();
            return null;
        });
    }

    /** Writes what waits and closes the engine. */
    public Future<Void> stop() {
        return vertx.<Void>executeBlocking(() -> {
                    writer.stop();
                    return null;
                })
                .eventually(readers::close);
    }

    /** Why nothing can be kept now, if so. */
    public Optional<String> trouble() {
        return Optional.ofNullable(writer.trouble());
    }

    /** How much waits to be written, in bytes. */
    public long waitingBytes() {
        return writer.waitingBytes();
    }

    @Override
    public Future<List<Receipt>> append(String address, Keep keep, List<Entry> entries) {
        Promise<List<Receipt>> done = promise();
        List<EventRow> rows = new ArrayList<>(entries.size());
        int bytes = ENTRY_OVERHEAD;
        try {
            for (Entry entry : entries) {
                EventRow row = EventRow.of(entry.headers(), entry.body(), entry.ownId());
                rows.add(row);
                bytes += row.size() + ENTRY_OVERHEAD;
            }
        } catch (IllegalArgumentException notKeepable) {
            return Future.failedFuture(
                    new Refusal(FailureCode.INVALID_EVENT, String.valueOf(notKeepable.getMessage())));
        }
        writer.submit(new Commit(new Append(address, keep, rows), entries, bytes, done));
        return done.future();
    }

    private <T> Promise<T> promise() {
        ContextInternal context = vertx.getOrCreateContext();
        return context.promise();
    }

    private void committed(List<Commit> commits, List<Outcome> outcomes) {
        telling.runOnContext(now -> {
            for (int i = 0; i < commits.size(); i++) {
                tell(commits.get(i), outcomes.get(i));
            }
        });
    }

    private void tell(Commit commit, Outcome outcome) {
        List<Receipt> receipts = new ArrayList<>(commit.entries().size());
        List<KeptEvent> fresh = new ArrayList<>(commit.entries().size());
        String epoch = outcome.head().epoch();
        for (int i = 0; i < commit.entries().size(); i++) {
            Entry entry = commit.entries().get(i);
            long offset = outcome.offsets()[i];
            boolean repeated = outcome.repeated(i);
            receipts.add(new Receipt(
                    String.valueOf(entry.headers().get(EventHeaders.ID)), new Position(epoch, offset), repeated));
            if (!repeated) {
                fresh.add(kept(entry.headers(), entry.body(), epoch, offset));
            }
        }
        if (!fresh.isEmpty()) {
            try {
                announce.accept(new Kept(
                        commit.append().address(),
                        outcome.head(),
                        outcome.from(),
                        outcome.from() + fresh.size(),
                        fresh));
            } catch (RuntimeException bug) {
                // It is kept all the same, and whoever listens finds it there.
                LOG.error("events of {} were kept but not told", commit.append().address(), bug);
            }
        }
        commit.done().tryComplete(receipts);
    }

    private static KeptEvent kept(
            MultiMap headers, @org.jspecify.annotations.Nullable Object body, String epoch, long offset) {
        headers.set(Wire.EPOCH, epoch).set(Wire.OFFSET, Long.toString(offset));
        return new KeptEvent(offset, headers, body);
    }

    @Override
    public Future<Kept> read(String address, long from, int limit) {
        return readers.executeBlocking(() -> stored(address, from, limit), false);
    }

    private Kept stored(String address, long from, int limit) {
        try {
            Stored found = engine.read(address, from, limit);
            if (found == null) {
                return new Kept(address, new Head("", 0, 0), from, from, List.of());
            }
            String epoch = found.head().epoch();
            List<KeptEvent> events = new ArrayList<>(found.rows().size());
            for (Stored.Row row : found.rows()) {
                events.add(kept(row.event().busHeaders(), row.event().body(), epoch, row.offset()));
            }
            return new Kept(address, found.head(), from, found.to(), events);
        } catch (JournalException e) {
            LOG.warn("{}", e.getMessage());
            throw new Refusal(FailureCode.UNAVAILABLE, "kept events cannot be read now");
        }
    }

    @Override
    public Future<Head> head(String address, Keep keep) {
        Head known = engine.head(address);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return append(address, keep, List.of()).compose(begun -> {
            Head now = engine.head(address);
            return now == null
                    ? Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE))
                    : Future.succeededFuture(now);
        });
    }
}
