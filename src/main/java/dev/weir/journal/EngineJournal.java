package dev.weir.journal;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.Policies;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's journal over an engine: group commit in front, a few reading threads beside. Durable events go to listeners from one
 * event loop context, in the order of their logs, and only then to their producers as receipts.
 */
public final class EngineJournal implements Journal {
    private static final int READERS = 2;
    private static final int ENTRY_OVERHEAD = 200;

    private final VertxInternal vertx;
    private final Engine engine;
    private final GroupCommit writer;
    private final WorkerExecutor readers;
    private final WorkerExecutor punctual;
    private final Heads heads;
    private final LogBound bound;
    private final Complaints complaints;

    /**
     * @param announce told of what is durable
     * @param policies those in force, which say how many logs there may be
     */
    public EngineJournal(
            Vertx vertx, Engine engine, Clock clock, Consumer<Kept> announce, Supplier<@Nullable Policies> policies) {
        this.vertx = (VertxInternal) vertx;
        this.engine = engine;
        Telling telling = new Telling(this.vertx, announce);
        this.writer = new GroupCommit(engine, clock, telling::committed);
        this.readers = vertx.createSharedWorkerExecutor("weir-journal-read-" + System.identityHashCode(this), READERS);
        this.punctual = vertx.createSharedWorkerExecutor("weir-journal-due-" + System.identityHashCode(this), 1);
        this.heads = new Heads(engine, readers, clock);
        this.bound = new LogBound(engine, clock, policies, this::inBackground);
        this.complaints = new Complaints(clock);
    }

    /** Where there may be any number of logs. */
    public EngineJournal(Vertx vertx, Engine engine, Clock clock, Consumer<Kept> announce) {
        this(vertx, engine, clock, announce, () -> null);
    }

    private void inBackground(Runnable task) {
        readers.executeBlocking(
                        () -> {
                            task.run();
                            return null;
                        },
                        false)
                .onFailure(closed -> bound.notAsked());
    }

    /** Opens the engine; one that does not open is tried again, see {@link #trouble()}. */
    public Future<Void> start() {
        return readers.executeBlocking(() -> {
            writer.start();
            bound.look();
            return null;
        });
    }

    /** Writes what waits and closes the engine. */
    public Future<Void> stop() {
        return vertx.<Void>executeBlocking(() -> {
                    writer.stop();
                    return null;
                })
                .eventually(readers::close)
                .eventually(punctual::close);
    }

    /** Why nothing can be kept now, if so. */
    public Optional<String> trouble() {
        return Optional.ofNullable(writer.trouble());
    }

    /** What was counted so far. */
    public JournalCounters counters() {
        return writer.counters();
    }

    /** How many events retention has deleted since the engine was made. */
    public long trimmed() {
        return engine.trimmed();
    }

    /** How many dead letters there are, as far as this node knows. */
    public long deadLetters() {
        return engine.work().map(WorkStore::deadLetters).orElse(0L);
    }

    /** How many dead letters retention has deleted since the engine was made. */
    public long trimmedDeadLetters() {
        return engine.work().map(WorkStore::trimmedDeadLetters).orElse(0L);
    }

    /** How much waits to be written, in bytes. */
    public long waitingBytes() {
        return writer.waitingBytes();
    }

    @Override
    public Future<List<Receipt>> append(String address, Keep keep, List<Entry> entries) {
        return enter(address, keep, entries, Outcome::receipts);
    }

    @Override
    public Future<Receipt> append(String address, Keep keep, Entry entry) {
        return enter(address, keep, List.of(entry), (outcome, rows) -> outcome.receipt(rows.get(0)));
    }

    private <T> Future<T> enter(
            String address, Keep keep, List<Entry> entries, BiFunction<Outcome, List<EventRow>, T> told) {
        Promise<Outcome> done = promise();
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
        enter(new Commit(new Append(address, keep, rows), entries, bytes, done));
        return done.future().map(outcome -> told.apply(outcome, rows));
    }

    /** What is valid begins its log, if there may be one more. */
    private void enter(Commit commit) {
        String address = commit.append().address();
        if (bound.knows(address)) {
            writer.submit(commit);
        } else {
            bound.admit(address, () -> writer.submit(commit), commit.done()::tryFail);
        }
    }

    /** Where subscriptions are kept, asked on reading threads. Fails with {@code unavailable} where that cannot be. */
    public <T> Future<T> ask(Question<T> question) {
        Optional<WorkStore> store = engine.work();
        if (store.isEmpty()) {
            return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "this journal keeps no subscriptions"));
        }
        return readers.executeBlocking(
                () -> {
                    try {
                        return question.ask(store.get());
                    } catch (JournalException e) {
                        complaints.say(String.valueOf(e.getMessage()));
                        throw new Refusal(FailureCode.UNAVAILABLE, "the journal does not answer now");
                    }
                },
                false);
    }

    /**
     * What waits for its time, asked on a thread of its own, since many long reads must not make it late. Fails with {@code
     * unavailable} when the journal does not answer; nothing is logged, since it is asked all the time.
     */
    public <T> Future<T> askDelayed(DelayedQuestion<T> question) {
        return punctual.executeBlocking(() -> {
            try {
                return question.ask(engine.work().orElseThrow().delayed());
            } catch (JournalException e) {
                throw new Refusal(FailureCode.UNAVAILABLE, "the journal does not answer now");
            }
        });
    }

    /** What time it is for events for later. */
    public DelayedStore.Moment moment() {
        return writer.moment();
    }

    /** A question to the store of what waits; may block. */
    @FunctionalInterface
    public interface DelayedQuestion<T> {
        /** The answer. */
        T ask(DelayedStore store) throws JournalException;
    }

    /** A question to the store of subscriptions; may block. */
    @FunctionalInterface
    public interface Question<T> {
        /** The answer. */
        T ask(WorkStore store) throws JournalException;
    }

    /** Keeps what a subscription has done; false when another owner took over. Fails with {@code unavailable} or {@code busy}. */
    public Future<Boolean> keep(Work work) {
        Promise<Boolean> done = promise();
        writer.submit(new WorkCommit(work, done));
        return done.future();
    }

    /**
     * Keeps what a subscription that was made over HTTP is, once all that was kept before is there.
     *
     * @param spec null when it goes, with its positions
     */
    public Future<Void> declare(String name, @Nullable String spec) {
        if (!keepsWork()) {
            return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "this journal keeps no subscriptions"));
        }
        return change(store -> {
                    store.declare(name, spec);
                    return true;
                })
                .mapEmpty();
    }

    /** Has the writer do something, once all that was to be kept before is there. Fails with {@code unavailable} or {@code busy}. */
    public <T> Future<T> change(Question<T> change) {
        Promise<T> done = promise();
        writer.submit(new ChangeCommit<>(change, done));
        return done.future();
    }

    /** Keeps a cut through a flow; false when another owner took over. Fails like {@link #append}. */
    public Future<Boolean> keep(Cut cut) {
        Promise<Boolean> done = promise();
        CutCommit commit = CutCommit.of(cut, promise(), done);
        List<String> unknown = cut.appends().stream()
                .map(Append::address)
                .filter(address -> !bound.knows(address))
                .toList();
        bound.admit(unknown, () -> writer.submit(commit), done::tryFail);
        return done.future();
    }

    /** Why no event can be kept of an address that has no log yet; null when it can. */
    public @Nullable Refusal refusal(String address) {
        return bound.enter(address);
    }

    /** The addresses that have a log; none where that is not known. Fails with {@code unavailable}. */
    public Future<Set<String>> addresses() {
        return reading(() -> engine.addresses().orElse(Set.of()));
    }

    @Override
    public Future<Map<String, Head>> logs() {
        return reading(() -> engine.heads(engine.addresses().orElse(Set.of())));
    }

    /** Changes what waits for its time. Fails with {@code unavailable} or {@code busy}. */
    public Future<List<DelayedStore.Standing>> keep(DelayedStore.Change change) {
        Promise<List<DelayedStore.Standing>> done = promise();
        writer.submit(new DelayedCommit(change, done));
        return done.future();
    }

    /**
     * Appends events whose time has come and ends their waiting, both or neither.
     *
     * @param events the same as the entries
     * @return how many of them still waited; fails with {@code unavailable} or {@code busy}
     */
    public Future<Integer> deliver(String address, Keep keep, List<Entry> entries, List<DelayedEvent> events) {
        Promise<Outcome> done = promise();
        int bytes = ENTRY_OVERHEAD;
        List<EventRow> rows = new ArrayList<>(events.size());
        List<String> keys = new ArrayList<>(events.size());
        for (DelayedEvent each : events) {
            rows.add(each.event());
            keys.add(each.key());
            bytes += each.event().size() + ENTRY_OVERHEAD;
        }
        writer.submit(new Commit(new Append(address, keep, rows, keys), entries, bytes, done));
        return done.future().map(Outcome::placed);
    }

    /** Whether several nodes share it, so that each subscription needs an owner among them. */
    public boolean isShared() {
        return engine.isShared();
    }

    /** Whether subscriptions can be kept. */
    public boolean keepsWork() {
        return engine.work().isPresent();
    }

    private <T> Promise<T> promise() {
        return vertx.getOrCreateContext().promise();
    }

    @Override
    public Future<Kept> read(String address, long from, int limit) {
        if (engine.isShared() && writer.trouble() != null) {
            // A server that does not answer the writer is not waited for once more.
            return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "kept events cannot be read now"));
        }
        return reading(() -> stored(address, from, limit));
    }

    private Kept stored(String address, long from, int limit) throws JournalException {
        Stored found = engine.read(address, from, limit);
        return found == null ? new Kept(address, new Head("", 0, 0), from, from, List.of()) : found.kept(address, from);
    }

    @Override
    public Future<Long> offsetBefore(String address, long millis) {
        return reading(() -> engine.before(address, millis)
                .orElseThrow(() -> new Refusal(
                        FailureCode.INVALID_PARAMETER,
                        "this journal does not know when events were appended; ask by position")));
    }

    @Override
    public Future<Optional<Size>> size(String address) {
        return reading(() -> engine.size(address));
    }

    private <T> Future<T> reading(Callable<T> question) {
        return readers.executeBlocking(
                () -> {
                    try {
                        return question.call();
                    } catch (JournalException e) {
                        throw unreadable(e);
                    }
                },
                false);
    }

    @Override
    public Future<Head> head(String address, Keep keep) {
        return engine.isShared() ? answer(heads.now(address), address, keep) : here(address, keep);
    }

    @Override
    public Future<Head> lately(String address, Keep keep) {
        return engine.isShared() ? answer(heads.lately(address), address, keep) : here(address, keep);
    }

    private Future<Head> here(String address, Keep keep) {
        try {
            Head known = engine.heads(List.of(address)).get(address);
            return known == null ? begin(address, keep) : Future.succeededFuture(known);
        } catch (JournalException e) {
            return Future.failedFuture(unreadable(e));
        }
    }

    /** The answer on the caller's context. */
    private Future<Head> answer(Future<Map<String, Head>> asked, String address, Keep keep) {
        Promise<Head> own = promise();
        asked.onComplete(done -> {
            if (done.failed()) {
                own.fail(done.cause() instanceof JournalException e ? unreadable(e) : done.cause());
                return;
            }
            Head known = done.result().get(address);
            (known == null ? begin(address, keep) : Future.succeededFuture(known)).onComplete(own);
        });
        return own.future();
    }

    private Future<Head> begin(String address, Keep keep) {
        Promise<Outcome> own = promise();
        enter(new Commit(new Append(address, keep, List.of()), List.of(), ENTRY_OVERHEAD, own));
        return own.future().map(Outcome::head);
    }

    private Refusal unreadable(JournalException e) {
        complaints.say(String.valueOf(e.getMessage()));
        return new Refusal(FailureCode.UNAVAILABLE, "kept events cannot be read now");
    }
}
