package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final StageCounts counts;
    private final Receiver next;
    private final Map<String, Receiver> outputs;
    private final List<StateTable<?>> tables = new ArrayList<>(1);
    private final Stage stage;
    /** Events that wait, by key; the first is the one that is worked on. Events without a key wait for nobody. */
    private final Map<String, Deque<Item>> lines = new HashMap<>();

    private final Deque<Item> ready = new ArrayDeque<>();
    private final List<Item> restored = new ArrayList<>(0);
    private int waiting;
    private boolean draining;
    private @Nullable Item current;
    private boolean closed;

    Step(String flow, StageSpec spec, ErrorPolicy onError, Lane lane, Receiver next, Map<String, Receiver> outputs) {
        this.flow = flow;
        this.spec = spec;
        this.lane = lane;
        this.counts = lane.counts(spec);
        this.next = next;
        this.outputs = outputs;
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
        if (!lines.isEmpty()) {
            String key = event.key();
            if (key != null && lines.containsKey(key)) {
                enter(event, true);
                return;
            }
        }
        if (counts.isSampled()) {
            long begin = lane.clock().nanos();
            attempt(event, null);
            counts.timed(lane.clock().nanos() - begin);
        } else {
            attempt(event, null);
        }
    }

    /** Gives the event to the stage. */
    private void attempt(FlowEvent event, @Nullable Item item) {
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
            }
        } catch (RuntimeException | StackOverflowError error) {
            failed(event, current, error);
        } finally {
            current = outer;
        }
    }

    /** Makes it wait, behind those of its key. */
    private Item enter(FlowEvent event, boolean inOrder) {
        String key = inOrder ? event.key() : null;
        Item item = new Item(lane.nextId(), this, event, key == null ? "" : key);
        place(item);
        lane.entered(item);
        return item;
    }

    private void place(Item item) {
        counts.held = ++waiting;
        if (!item.key.isEmpty()) {
            lines.computeIfAbsent(item.key, first -> new ArrayDeque<>(2)).add(item);
        }
    }

    private boolean isFirst(Item item) {
        Deque<Item> line = lines.get(item.key);
        return line == null || line.peek() == item;
    }

    /** Takes up an event that waited before the node was started anew, or elsewhere. In the order of their ids. */
    void restore(FlowCommit.Parked parked, FlowEvent event) {
        String own = event.key();
        Item item = new Item(parked.id(), this, event, parked.key().isEmpty() && own != null ? own : parked.key());
        item.stored = true;
        item.attempts = parked.attempts();
        item.failures.addAll(parked.failures());
        item.dueMillis = parked.dueMillis();
        place(item);
        lane.entered(item);
        restored.add(item);
    }

    /** Goes on with what was taken up; once all steps have taken up theirs, so that nothing overtakes what waits behind. */
    void begin() {
        List<Item> all = List.copyOf(restored);
        restored.clear();
        for (Item item : all) {
            if (item.state == Item.State.BEHIND && isFirst(item)) {
                await(item);
            }
        }
    }

    /** Takes up what the stage remembered; a stage remembers in one table. */
    void restore(String key, String json, long dueMillis) {
        tables.forEach(table -> table.restore(key, json, dueMillis));
    }

    /** Tries it when its time has come. */
    private void await(Item item) {
        long wait = item.dueMillis - lane.clock().millis();
        if (item.dueMillis == 0 || wait <= 0) {
            item.state = Item.State.READY;
            ready.add(item);
            drain();
            return;
        }
        item.state = Item.State.WAITING;
        item.timer = lane.timers().after(Duration.ofMillis(wait), () -> {
            item.timer = null;
            item.dueMillis = 0;
            await(item);
        });
    }

    /** One after another, however many become free while one is worked on. */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            for (Item item = ready.poll(); item != null && !closed; item = ready.poll()) {
                if (item.state == Item.State.READY) {
                    attempt(item.event, item);
                }
            }
        } finally {
            draining = false;
        }
    }

    void leave(Item item) {
        item.state = Item.State.GONE;
        item.stopTimer();
        counts.held = --waiting;
        Deque<Item> line = lines.get(item.key);
        if (line != null) {
            line.remove(item);
            if (line.isEmpty()) {
                lines.remove(item.key);
            }
        }
        lane.left(item);
        Item behind = line == null ? null : line.peek();
        if (behind != null && behind.state == Item.State.BEHIND) {
            await(behind);
        }
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
        if (pauseMillis >= 0) {
            counts.retries.increment();
            again(item == null ? enter(event, true) : item, attempts, failure, pauseMillis);
            return;
        }
        List<FlowCommit.Failure> failures = item == null ? new ArrayList<>() : item.failures;
        failures.add(failure);
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
        await(item);
    }

    /** Runs something of the stage outside of an event; what it throws is a bug of the stage, or an emission that cannot be made. */
    void guarded(Runnable action) {
        Item outer = current;
        current = null;
        try {
            action.run();
        } catch (RuntimeException error) {
            counts.errors.increment();
            LOG.error("flow {}, stage {}: {}", flow, spec.id(), Mishaps.textOf(error), error);
        } finally {
            current = outer;
        }
    }

    /** Whether events wait here. */
    boolean isWaiting() {
        return waiting > 0;
    }

    void inputEnded() {
        guarded(stage::inputEnded);
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        for (Deque<Item> line : lines.values()) {
            line.forEach(Step::drop);
        }
        ready.forEach(Step::drop);
        lines.clear();
        ready.clear();
        counts.held = 0;
        tables.forEach(StateTable::close);
        stage.close();
    }

    private static void drop(Item item) {
        item.stopTimer();
        item.state = Item.State.GONE;
    }

    @Override
    public Hold hold(FlowEvent event) {
        return hold(event, true);
    }

    @Override
    public Hold hold(FlowEvent event, boolean inOrder) {
        Item item = current;
        if (item == null) {
            item = enter(event, inOrder);
            current = item;
        }
        item.state = Item.State.HELD;
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
    public void count(String what, long by) {
        counts.other(what, by);
    }
}
