package dev.weir.journal;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of an engine, a thread of its own: it takes whatever all producers have waiting, makes one transaction of it and
 * tells them after the commit. A producer that goes on alone does not wait for others. While the engine is out of order producers are told so, and it is opened again, less and less often up to
 * every four seconds.
 */
final class GroupCommit {
    /** Hears of what is durable, on the writer's thread, in the order of the logs. */
    interface Committed {
        /**
         * Takes what one transaction has kept.
         *
         * @param began when it began, in nanoseconds of the clock
         * @param took in nanoseconds
         */
        void done(List<Commit> commits, List<Outcome> outcomes, long began, long took);
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final long MOST_WAITING_BYTES = 32L << 20;
    private static final int MOST_EVENTS = 4096;
    private static final long MOST_BYTES = 4L << 20;
    private static final long TIDY_MILLIS = 500;
    private static final long REOPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long REOPEN_SELDOM_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Engine engine;
    private final Clock clock;
    private final SteadyTime time;
    private final Committed committed;
    private final JournalCounters counters = new JournalCounters();
    private final LinkedBlockingQueue<Gathering.Group> queue = new LinkedBlockingQueue<>();
    private final Gathering gathering = new Gathering(this::enqueue);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "weir-journal");
    private volatile boolean stopping;
    private boolean open;
    private long openedNanos;
    private long reopenNanos = REOPEN_NANOS;
    private long tidiedNanos;
    private boolean untidy;

    GroupCommit(Engine engine, Clock clock, Committed committed) {
        this.engine = engine;
        this.clock = clock;
        this.time = new SteadyTime(clock);
        this.committed = committed;
    }

    /**
     * Opens the engine and starts writing; an engine that does not open is tried again and again. Blocking.
     *
     * @throws JournalException when the operator has to mend something first
     */
    void start() throws JournalException {
        try {
            openedNanos = clock.nanos();
            engine.open(time.millis());
            open = true;
        } catch (JournalException e) {
            if (e.mend() != null) {
                throw e;
            }
            failed(e);
        }
        thread.start();
    }

    /** Why nothing can be kept now; null when it can. */
    @Nullable
    String trouble() {
        return trouble.get();
    }

    JournalCounters counters() {
        return counters;
    }

    /** How much waits to be written, in bytes. */
    long waitingBytes() {
        return waitingBytes.get();
    }

    void submit(Queued commit) {
        if (stopping) {
            refuse(commit, FailureCode.UNAVAILABLE, "the node stops");
        } else if (waitingBytes.get() > MOST_WAITING_BYTES) {
            refuse(commit, FailureCode.BUSY, "too much waits to be kept");
        } else {
            waitingBytes.addAndGet(commit.bytes());
            gathering.add(commit);
        }
    }

    private void enqueue(Gathering.Group group) {
        queue.add(group);
        if (stopping && queue.remove(group)) {
            group.commits.forEach(commit -> refuse(commit, FailureCode.UNAVAILABLE, "the node stops"));
        }
    }

    /** Writes what waits, then closes the engine. Blocking. */
    void stop() throws InterruptedException {
        stopping = true;
        if (thread.isAlive()) {
            thread.interrupt();
            thread.join();
        } else {
            engine.close();
        }
    }

    private void run() {
        while (!stopping || !queue.isEmpty()) {
            List<Queued> batch = take();
            // Apart: when one of them fails, the other is kept all the same.
            attempt(appends(batch), this::append);
            attempt(only(batch, WorkCommit.class), this::keep);
            only(batch, ChangeCommit.class).forEach(each -> attempt(List.<Queued>of(each), one -> change(each)));
            attempt(only(batch, DelayedCommit.class), this::delay);
            batch.forEach(commit -> waitingBytes.addAndGet(-commit.bytes()));
            tidyQuietly();
        }
        engine.close();
    }

    private interface Writing<T> {
        void write(List<T> what) throws JournalException;
    }

    /** Those of a kind. By hand, as below: streams cost more than what they carry. */
    private static <T> List<T> only(List<Queued> batch, Class<T> kind) {
        List<T> found = List.of();
        for (Queued each : batch) {
            if (kind.isInstance(each)) {
                found = found.isEmpty() ? new ArrayList<>(batch.size()) : found;
                found.add(kind.cast(each));
            }
        }
        return found;
    }

    /** Cuts through flows share the transaction of the appends. */
    private static List<Queued> appends(List<Queued> batch) {
        List<Queued> found = new ArrayList<>(batch.size());
        for (Queued each : batch) {
            if (each instanceof Commit || each instanceof CutCommit) {
                found.add(each);
            }
        }
        return found;
    }

    private <T extends Queued> void attempt(List<T> what, Writing<T> writing) {
        if (what.isEmpty()) {
            return;
        }
        try {
            ensureOpen();
            writing.write(what);
            return;
        } catch (JournalException e) {
            if (e.isOfEvents()) {
                apart(what, writing, e);
                return;
            }
            failed(e);
        } catch (RuntimeException | Error bug) {
            failed(bug);
        }
        what.forEach(each -> refuse(each, FailureCode.UNAVAILABLE, "events cannot be kept now"));
    }

    /** Something among it cannot be kept; by halving, all that can be is. */
    private <T extends Queued> void apart(List<T> what, Writing<T> writing, JournalException fault) {
        int half = what.size() / 2;
        if (half > 0) {
            attempt(what.subList(0, half), writing);
            attempt(what.subList(half, what.size()), writing);
        } else {
            LOG.warn("an event is refused: {}", fault.getMessage());
            refuse(what.get(0), FailureCode.INVALID_EVENT, "the journal cannot keep such an event");
        }
    }

    /** Apart from writing: when it fails, what was written just now is kept all the same. */
    private void tidyQuietly() {
        if (stopping) {
            return;
        }
        try {
            tidy();
        } catch (JournalException e) {
            failed(e);
        } catch (RuntimeException | Error bug) {
            failed(bug);
        }
    }

    private List<Queued> take() {
        List<Queued> batch = new ArrayList<>();
        try {
            Gathering.Group first =
                    stopping ? queue.poll() : queue.poll(untidy ? 1 : TIDY_MILLIS, TimeUnit.MILLISECONDS);
            drain(first, batch);
        } catch (InterruptedException stop) {
            LOG.debug("the journal is asked to stop");
        }
        return batch;
    }

    private void drain(Gathering.@Nullable Group first, List<Queued> batch) {
        int events = 0;
        long bytes = 0;
        Gathering.Group next = first;
        while (next != null) {
            for (Queued commit : next.commits) {
                batch.add(commit);
                events += commit.events();
                bytes += commit.bytes();
            }
            next = events < MOST_EVENTS && bytes < MOST_BYTES ? queue.poll() : null;
        }
    }

    private void append(List<Queued> group) throws JournalException {
        List<Commit> commits = new ArrayList<>(only(group, Commit.class));
        List<CutCommit> cuts = only(group, CutCommit.class);
        List<Append> appends = new ArrayList<>(commits.size());
        commits.forEach(commit -> appends.add(commit.append()));
        long begun = clock.nanos();
        FlowStore.Kept kept = cuts.isEmpty()
                ? FlowStore.Kept.of(engine.commit(appends, time.millis()))
                : flows().keep(appends, cuts.stream().map(CutCommit::cut).toList(), time.millis());
        long took = clock.nanos() - begun;
        List<Outcome> outcomes = new ArrayList<>(kept.appends());
        for (int i = 0; i < cuts.size(); i++) {
            kept.cuts().get(i).ifPresent(outcomes::addAll);
            commits.addAll(kept.cuts().get(i).isPresent() ? cuts.get(i).appends() : List.of());
        }
        counters.committed(outcomes, took);
        if (!commits.isEmpty()) {
            committed.done(commits, outcomes, begun, took);
        }
        for (int i = 0; i < cuts.size(); i++) {
            boolean done = kept.cuts().get(i).isPresent();
            if (!done || cuts.get(i).appends().isEmpty()) {
                cuts.get(i).done().tryComplete(done);
            }
        }
    }

    private FlowStore flows() {
        return engine.work().orElseThrow().flows();
    }

    private void keep(List<WorkCommit> commits) throws JournalException {
        WorkStore store = engine.work().orElseThrow();
        List<Boolean> kept = store.keep(commits.stream().map(WorkCommit::work).toList());
        for (int i = 0; i < kept.size(); i++) {
            commits.get(i).done().tryComplete(kept.get(i));
        }
    }

    private void change(ChangeCommit<?> change) throws JournalException {
        change.apply(engine.work().orElseThrow());
    }

    private void delay(List<DelayedCommit> commits) throws JournalException {
        DelayedStore store = engine.work().orElseThrow().delayed();
        List<List<DelayedStore.Standing>> kept =
                store.keep(commits.stream().map(DelayedCommit::change).toList(), moment());
        for (int i = 0; i < kept.size(); i++) {
            commits.get(i).done().tryComplete(kept.get(i));
        }
    }

    /** What time it is for events for later; by any thread. */
    DelayedStore.Moment moment() {
        return new DelayedStore.Moment(clock.millis(), time.millis());
    }

    private void ensureOpen() throws JournalException {
        if (open) {
            return;
        }
        if (clock.nanos() - openedNanos < reopenNanos) {
            throw new JournalException(String.valueOf(trouble.get()), new IllegalStateException("not open"));
        }
        reopenNanos = Math.min(reopenNanos * 2, REOPEN_SELDOM_NANOS);
        try {
            engine.open(time.millis());
        } finally {
            openedNanos = clock.nanos();
        }
        open = true;
        reopenNanos = REOPEN_NANOS;
        if (trouble.getAndSet(null) != null) {
            LOG.info("the journal keeps events again");
        }
    }

    private void tidy() throws JournalException {
        if (!open && clock.nanos() - openedNanos < reopenNanos) {
            return;
        }
        ensureOpen();
        if (untidy || clock.nanos() - tidiedNanos > TimeUnit.MILLISECONDS.toNanos(TIDY_MILLIS)) {
            tidiedNanos = clock.nanos();
            untidy = engine.tidy(time.millis());
        }
    }

    /** Not even an error may end the writer, since nobody would be answered any more. */
    private void failed(Throwable bug) {
        LOG.error("a bug in the journal's writer; the journal is opened again", bug);
        failed(new JournalException("a bug: " + bug, bug));
    }

    private void failed(JournalException e) {
        if (open) {
            counters.failures.increment();
        }
        open = false;
        // Whatever was half done goes with its connection, and an engine that is closed already stays so.
        close();
        untidy = false;
        String reason = String.valueOf(e.getMessage());
        if (trouble.getAndSet(reason) == null) {
            LOG.error("events cannot be kept: {}", reason);
            openedNanos = clock.nanos();
        }
    }

    private void close() {
        try {
            engine.close();
        } catch (RuntimeException bug) {
            LOG.error("a bug: the journal was not closed properly", bug);
        }
    }

    private static void refuse(Queued commit, FailureCode code, String message) {
        commit.done().tryFail(new Refusal(code, message));
    }
}
