package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.emitter.CircuitBreaker;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stage at work in a lane, with all that is not the stage's business: counting, timing, order per key while events wait, attempts,
 * and what becomes of errors. Owned by the lane's event loop.
 */
final class Step implements Receiver, StageContext {
    private static final Logger LOG = LoggerFactory.getLogger(Step.class);

    private final String flow;
    private final StageSpec spec;
    private final Lane lane;
    private final Mishaps mishaps;
    private final Tracing tracing;
    private final StageCounts counts;
    private final Receiver next;
    private final Map<String, Receiver> outputs;
    private final List<StateTable<?>> tables = new ArrayList<>(1);
    private final Stage stage;
    private final Lines lines;
    private @Nullable Item current;
    private boolean closed;

    Step(String flow, StageSpec spec, ErrorPolicy onError, Lane lane, Receiver next, Map<String, Receiver> outputs) {
        this.flow = flow;
        this.spec = spec;
        this.lane = lane;
        this.counts = lane.counts(spec);
        this.next = next;
        this.outputs = outputs;
        this.tracing = lane.tracing();
        this.lines = new Lines(lane, counts, this::attempt);
        this.mishaps = new Mishaps(flow, spec, onError, lane, counts);
        this.stage = spec.factory().create(this);
    }

    StageSpec spec() {
        return spec;
    }

    StageCounts counts() {
        return counts;
    }

    @Override
    public void accept(FlowEvent event) {
        counts.in.increment();
        if (lines.isTaken(event)) {
            String why = lane.unkeepable(event);
            if (why == null) {
                enter(event, true);
            } else {
                failed(event, null, new StageException(why));
            }
            return;
        }
        if (tracing.isOn(event)) {
            tracing.attempt(spec, event, null, () -> attempt(event, null));
        } else if (counts.isSampled()) {
            long begin = lane.clock().nanos();
            attempt(event, null);
            counts.timed(lane.clock().nanos() - begin);
        } else {
            attempt(event, null);
        }
    }

    private void attempt(Item item) {
        if (tracing.isOn(item)) {
            item.heldNanos = 0;
            tracing.attempt(spec, item.event, item, () -> attempt(item.event, item));
        } else {
            attempt(item.event, item);
        }
    }

    /** Gives the event to the stage; whether it is done with it. */
    private boolean attempt(FlowEvent event, @Nullable Item item) {
        Item outer = current;
        current = item;
        if (item != null) {
            item.state = Item.State.RUNNING;
        }
        try {
            stage.accept(event);
            Item done = current;
            if (done != null && done.state == Item.State.RUNNING) {
                leave(done);
                return true;
            }
            return done == null;
        } catch (RuntimeException | StackOverflowError error) {
            failed(event, current, error);
            return false;
        } finally {
            current = outer;
        }
    }

    /** Makes it wait, behind those of its key. */
    private Item enter(FlowEvent event, boolean inOrder) {
        String key = inOrder ? event.key() : null;
        Item item = new Item(lane.nextId(), this, event, key == null ? "" : key);
        lines.enter(item);
        return item;
    }

    /** Takes up an event that waited before the node was started anew, or elsewhere. In the order of their ids. */
    void restore(FlowCommit.Parked parked, FlowEvent event) {
        String own = event.key();
        Item item = new Item(parked.id(), this, event, parked.key().isEmpty() && own != null ? own : parked.key());
        item.stored = true;
        item.attempts = parked.attempts();
        item.failures.addAll(parked.failures());
        item.dueMillis = parked.dueMillis();
        lines.restore(item);
    }

    /** Goes on with what was taken up; once all steps have taken up theirs, so that nothing overtakes what waits behind. */
    void begin() {
        lines.begin();
    }

    /** Takes up what the stage remembered; a stage remembers in one table. */
    void restore(String key, String json, long dueMillis) {
        tables.forEach(table -> table.restore(key, json, dueMillis));
    }

    /** What the stage held is done with. */
    void released(Item item) {
        tracing.released(spec, item);
        leave(item);
    }

    private void leave(Item item) {
        lines.leave(item);
    }

    void failed(FlowEvent event, @Nullable Item item, Throwable error) {
        counts.errors.increment();
        if (item != null && item.state == Item.State.GONE) {
            LOG.error("flow {}, stage {}: {}, once the event was done with", flow, spec.id(), Mishaps.textOf(error));
            return;
        }
        int attempts = (item == null ? 0 : item.attempts) + 1;
        long pauseMillis = mishaps.pauseMillis(error, attempts);
        FlowCommit.Failure failure = new FlowCommit.Failure(lane.clock().millis(), Mishaps.textOf(error));
        counts.lastErrors().note(failure.atMillis(), failure.error(), Objects.requireNonNullElse(event.id(), ""));
        String why = item == null && !mishaps.isLast(pauseMillis) ? lane.unkeepable(event) : null;
        if (why != null) {
            List<FlowCommit.Failure> both =
                    List.of(failure, new FlowCommit.Failure(lane.clock().millis(), why));
            tracing.ended(spec, event, item, attempts, ErrorPolicy.Then.DEAD_LETTER, why);
            mishaps.settleNow(event, attempts, both, error);
            return;
        }
        if (pauseMillis >= 0) {
            counts.retries.increment();
            tracing.again(spec, event, item, attempts, pauseMillis, failure.error());
            again(item == null ? enter(event, true) : item, attempts, failure, pauseMillis);
            return;
        }
        List<FlowCommit.Failure> failures = item == null ? new ArrayList<>() : item.failures;
        failures.add(failure);
        tracing.ended(spec, event, item, attempts, mishaps.then(), failure.error());
        if (!mishaps.settle(event, attempts, failures, error)) {
            // The flow stops here, and goes on here.
            Item kept = item == null ? enter(event, true) : item;
            kept.state = Item.State.WAITING;
            kept.attempts = 0;
            lane.changed(kept);
        } else if (item != null) {
            leave(item);
        }
    }

    private void again(Item item, int attempts, FlowCommit.Failure failure, long pauseMillis) {
        item.failures.add(failure);
        item.attempts = attempts;
        item.dueMillis = lane.clock().millis() + pauseMillis;
        lane.changed(item);
        lines.whenDue(item);
    }

    /** Runs something of the stage outside of an event; what it throws is a bug of the stage, or an emission that cannot be made. */
    void guarded(Runnable action) {
        Item outer = current;
        current = null;
        try {
            action.run();
        } catch (RuntimeException error) {
            counts.errors.increment();
            counts.lastErrors().note(lane.clock().millis(), Mishaps.textOf(error), "");
            LOG.error("flow {}, stage {}: {}", flow, spec.id(), Mishaps.textOf(error), error);
        } finally {
            current = outer;
        }
    }

    /** Whether events wait here. */
    boolean isWaiting() {
        return !lines.isEmpty();
    }

    void inputEnded() {
        guarded(stage::inputEnded);
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        lines.close();
        tables.forEach(StateTable::close);
        stage.close();
        counts.breaker(null);
    }

    @Override
    public Hold hold(FlowEvent event) {
        return hold(event, true);
    }

    @Override
    public Hold hold(FlowEvent event, boolean inOrder) {
        Item item = current;
        if (item == null) {
            String why = lane.unkeepable(event);
            if (why != null) {
                throw new StageException(why);
            }
            item = enter(event, inOrder);
            current = item;
        }
        item.state = Item.State.HELD;
        tracing.held(item);
        return new Holding(this, item);
    }

    @Override
    public String flow() {
        return flow;
    }

    @Override
    public String id() {
        return spec.id();
    }

    @Override
    public Clock clock() {
        return lane.clock();
    }

    @Override
    public Timers timers() {
        return lane.timers();
    }

    @Override
    public @Nullable Rehearsal rehearsal() {
        return lane.rehearsal(spec.id());
    }

    @Override
    public @Nullable Vertx vertx() {
        return lane.vertx();
    }

    @Override
    public void emit(FlowEvent event) {
        counts.out.increment();
        next.accept(event);
    }

    @Override
    public void emit(String output, FlowEvent event) {
        Receiver branch = outputs.get(output);
        if (branch == null) {
            drop(event);
        } else {
            counts.out.increment();
            branch.accept(event);
        }
    }

    @Override
    public void drop(FlowEvent event) {
        counts.dropped.increment();
    }

    @Override
    public <V> KeyedState<V> state(StateCodec<V> codec, KeyedState.Due<V> due, long most) {
        StateTable<V> table = new StateTable<>(this, lane, codec, due, most);
        tables.add(table);
        return table;
    }

    @Override
    public Lookup lookup(String address) {
        return lane.lookup(address);
    }

    @Override
    public @Nullable Future<?> publish(String address, MultiMap headers, @Nullable Object data) {
        return lane.publish(this, address, headers, data);
    }

    @Override
    public void tell(String address, String type, JsonObject data) {
        lane.tell(address, type, data);
    }

    @Override
    public void warn(String what) {
        lane.warn("stage '" + spec.id() + "': " + what);
    }

    @Override
    public void breaker(CircuitBreaker.State state) {
        counts.breaker(state);
    }

    @Override
    public void repeated(FlowEvent event, int attempts, Duration pause, Throwable failure) {
        count("repeated", 1);
        tracing.repeated(spec, event, attempts, pause, Mishaps.textOf(failure));
    }

    @Override
    public void count(String what, long by) {
        counts.other(what, by);
    }
}
