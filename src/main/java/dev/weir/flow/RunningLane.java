package dev.weir.flow;

import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.bus.Spans;
import dev.weir.expression.ExpressionException;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A flow at work on this node for some of its partitions. When the flow is kept, it commits one cut after the other: while one is on
 * its way the next gathers, so that nothing waits for the disk. Owned by one event loop.
 */
final class RunningLane implements Lane, Intake {
    private static final Logger LOG = LoggerFactory.getLogger(RunningLane.class);
    private static final int MOST_HELD = 1_000;
    private static final Duration ADVANCE = Duration.ofSeconds(1);

    /** How long the end of a lane waits for a journal that does not answer; what is not kept is done again. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FlowSpec spec;
    private final FlowServices services;
    private final FlowRun run;
    private final Partitioning partitions;
    private final Timers timers;
    private final Context context;
    private final ItemIds ids;
    private final DeadLetterNews deadLetters;
    private final Emissions emissions;
    private final Tables tables;
    private final Tracing tracing;
    private final Pipeline pipeline;
    private final List<LaneInput> inputs = new ArrayList<>();
    private final @Nullable Commits commits;
    private int held;
    private boolean full;
    private boolean closed;
    private Timers.@Nullable Timer advancing;

    /** @param journal null when nothing of the flow is kept */
    RunningLane(
            FlowSpec spec, FlowServices services, FlowRun run, Partitioning partitions, @Nullable FlowJournal journal) {
        this.spec = spec;
        this.services = services;
        this.run = run;
        this.partitions = partitions;
        this.timers = Timers.of(services.vertx());
        this.context = services.vertx().getOrCreateContext();
        this.deadLetters = new DeadLetterNews(spec.name(), services.publisher());
        this.ids = new ItemIds(services.clock(), services.nodeId());
        this.commits = journal == null
                ? null
                : new Commits(
                        spec.name(), journal, partitions.claims(), this::progress, context, timers, run, new Kept());
        this.emissions = new Emissions(spec.name(), services.publisher(), commits);
        this.tables = new Tables(services, run);
        this.tracing = new Tracing(Spans.of(services.vertx()), spec.name());
        this.pipeline = new Pipeline(spec, this);
    }

    private List<FlowCommit.Cursor> progress() {
        List<FlowCommit.Cursor> cursors = new ArrayList<>();
        inputs.forEach(input -> cursors.addAll(input.progress()));
        return cursors;
    }

    private final class Kept implements Commits.Owner {
        @Override
        public void emit(Publisher.Prepared prepared) {
            services.publisher().emit(prepared);
        }

        @Override
        public void buried(FlowCommit.Dead letter) {
            deadLetters.tell(letter);
        }

        @Override
        public void advanced() {
            if (full) {
                context.runOnContext(soon -> proceed());
            }
        }

        @Override
        public void lost() {
            LOG.info("flow {} begins anew from what is kept", spec.name());
            run.lost(RunningLane.this);
        }
    }

    /** Takes up what was kept and begins to read. */
    Future<Void> start() {
        Future<FlowJournal.Standing> standing = commits == null
                ? Future.succeededFuture(new FlowJournal.Standing(List.of(), List.of(), List.of()))
                : commits.journal()
                        .standing(spec.name(), Set.copyOf(partitions.owned().keySet()));
        return standing.compose(kept -> {
            if (closed) {
                return Future.succeededFuture();
            }
            pipeline.remember(kept.states());
            takeUp(kept.parked());
            List<Future<Void>> started = new ArrayList<>(List.of(tables.start(timers)));
            for (InputSpec input : spec.from()) {
                inputs.addAll(LaneInputs.make(input, spec, services, this, timers, partitions));
            }
            inputs.forEach(input -> started.add(input.start(kept.cursors())));
            return Future.all(started).map(all -> {
                if (commits != null && !closed) {
                    advancing = timers.every(ADVANCE, this::advance);
                    // Where it begins is kept first, so that it begins there only once.
                    advance();
                }
                return null;
            });
        });
    }

    /** Goes on with events that waited at the steps. */
    void takeUp(List<FlowCommit.Parked> parked) {
        parked.forEach(each -> ids.behind(each.id()));
        List<FlowCommit.Parked> homeless = pipeline.takeUp(parked);
        pipeline.begin();
        homeless.forEach(this::beginAnew);
        endWithInputs();
    }

    /** Lets dead letters wait at their stages again; what the lane did before is kept first. */
    Future<FlowJournal.Replayed> replay(FlowJournal.Replay wanted) {
        Commits own = commits;
        return own == null
                ? Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "nothing of this flow is kept"))
                : own.flush()
                        .compose(kept -> own.journal().replay(spec.name(), own.claims(), wanted))
                        .onSuccess(replayed -> {
                            if (!closed) {
                                takeUp(replayed.parked());
                            }
                        });
    }

    /** Where there is no such step any more the event goes through the flow as it is now. */
    private void beginAnew(FlowCommit.Parked parked) {
        if (commits != null) {
            commits.cut().gone(parked.id());
            pipeline.accept(FlowEvent.of(Arrival.of(parked), parked.body()));
            commits.schedule();
        }
    }

    /** Also where nothing that was read was this lane's, the flow gets on. */
    private void advance() {
        if (commits != null && inputs.stream().anyMatch(LaneInput::hasProgress)) {
            commits.cut().touch();
            commits.schedule();
        }
    }

    List<LaneInput> inputs() {
        return inputs;
    }

    /** Stops reading, keeps what is done, and ends; completes when nothing is under way any more, or the journal does not answer. */
    Future<Void> close() {
        if (closed) {
            return Future.succeededFuture();
        }
        inputs.forEach(LaneInput::close);
        Promise<Void> ended = Promise.promise();
        Future<Void> last = commits == null ? Future.succeededFuture() : commits.flush();
        Timers.Timer patience = timers.after(PATIENCE, () -> ended.tryComplete());
        last.onComplete(either -> {
            patience.cancel();
            ended.tryComplete();
        });
        return ended.future().onComplete(either -> abandon());
    }

    /** Ends at once; what was not kept did not happen. */
    void abandon() {
        closed = true;
        if (commits != null) {
            commits.close();
        }
        if (advancing != null) {
            advancing.cancel();
        }
        inputs.forEach(LaneInput::close);
        tables.close();
        pipeline.close();
    }

    // Intake

    @Override
    public void take(LaneInput input, Arrival arrival, @Nullable Object data) {
        FlowEvent event = FlowEvent.of(arrival, data);
        int partition;
        try {
            partition = partitions.of(event);
        } catch (ExpressionException | StageException error) {
            warn(input, "the flow's key cannot be computed, the event's own is used: " + error.getMessage());
            partition = partitions.of(String.valueOf(event.key()));
        }
        Asker asker = arrival.asker();
        if (asker != null && !partitions.isOwn(partition)) {
            // What is sent reaches one node only, whatever its key.
            if (!partitions.isAnywhere()) {
                asker.fail(
                        "what this flow remembers of the key is on another node; publish events, as sent ones reach any node");
                warn("an event that was sent, not published, is dropped: its key is another node's");
                return;
            }
            partition = partitions.any();
        }
        FlowCommit.Place place = arrival.place();
        if (!partitions.isOwn(partition) || (place != null && input.isHandled(partition, place.at()))) {
            return;
        }
        run.taken();
        if (commits != null) {
            commits.cut().read();
            commits.schedule();
        }
        tracing.take(event.in(partition), pipeline::accept);
    }

    @Override
    public boolean hasRoom() {
        boolean room = !closed && !run.isStopped() && held < MOST_HELD && (commits == null || !commits.isFull());
        full |= !room;
        return room;
    }

    @Override
    public void ended(LaneInput input, String name) {
        LOG.info("flow {}: {} was read to its end", spec.name(), name);
        endWithInputs();
    }

    /** What waits for more need not, when nothing more comes. */
    private void endWithInputs() {
        if (!inputs.isEmpty() && inputs.stream().allMatch(LaneInput::isEnded)) {
            pipeline.end();
        }
    }

    private void proceed() {
        if (full && hasRoom()) {
            full = false;
            inputs.forEach(LaneInput::proceed);
        }
    }

    @Override
    public void warn(LaneInput input, String what) {
        run.warn(what);
    }

    // Lane

    @Override
    public Clock clock() {
        return services.clock();
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public Vertx vertx() {
        return services.vertx();
    }

    @Override
    public Tracing tracing() {
        return tracing;
    }

    @Override
    public int partitionOf(String key) {
        return partitions.of(key);
    }

    @Override
    public String nextId() {
        return ids.next();
    }

    @Override
    public @Nullable Future<?> publish(@Nullable Step step, String address, MultiMap headers, @Nullable Object data) {
        return emissions.publish(address, headers, data);
    }

    @Override
    public Lookup lookup(String address) {
        return tables.of(address);
    }

    @Override
    public void tell(String address, String type, JsonObject data) {
        emissions.tell(address, type, data);
    }

    @Override
    public void warn(String what) {
        run.warn(what);
    }

    @Override
    public @Nullable String unkeepable(FlowEvent event) {
        if (commits == null || event.isAsKept()) {
            return null;
        }
        Refusal refused = commits.journal().refusal(event.waiting(), event.data());
        return refused == null ? null : "it cannot be kept while it waits: " + refused.getMessage();
    }

    @Override
    public void entered(Item item) {
        held++;
        if (!item.stored) {
            changed(item);
        }
    }

    @Override
    public void changed(Item item) {
        if (commits != null) {
            commits.cut().waits(item);
            commits.schedule();
        }
    }

    @Override
    public void left(Item item) {
        held--;
        if (commits != null) {
            commits.cut().left(item);
            commits.schedule();
        }
        if (full || pipeline.isEnding()) {
            context.runOnContext(soon -> {
                proceed();
                pipeline.goOn();
            });
        }
    }

    @Override
    public void remember(StateTable<?> table, String key) {
        if (commits != null) {
            commits.cut().remember(table, key);
            commits.schedule();
        }
    }

    @Override
    public void dead(FlowCommit.Dead letter) {
        if (commits == null || commits.journal().refusal(letter.headers(), letter.body()) != null) {
            run.unkept(letter);
            return;
        }
        commits.cut().bury(letter);
        commits.schedule();
    }

    @Override
    public void stop(String why) {
        run.stopped(why);
    }

    @Override
    public StageCounts counts(StageSpec stage) {
        return run.counts(stage);
    }
}
