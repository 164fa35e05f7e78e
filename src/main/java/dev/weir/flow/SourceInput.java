package dev.weir.flow;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Counters;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.Position;
import dev.weir.config.Problems;
import dev.weir.source.BuiltInSources;
import dev.weir.source.Input;
import dev.weir.source.InputContext;
import dev.weir.source.Source;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source on behalf of a flow. One that can be paused is while the flow has no room; of another one so many events wait and
 * what comes then is dropped, counted and said. Owned by the lane's event loop.
 */
final class SourceInput implements LaneInput, InputContext {
    /** Of a source that is paused, this comes at most from within the call that filled the flow. */
    private record Waiting(
            String type,
            @Nullable String key,
            @Nullable Object data,
            @Nullable Position at) {}

    private final InputSpec spec;
    private final FlowServices services;
    private final Intake intake;
    private final Timers timers;
    private final Context context;
    private final int bound;
    private final int partition;
    private final Source source;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private @Nullable Position at;
    private @Nullable Position told;
    private long dropped;
    private boolean paused;
    private boolean readToEnd;
    private boolean ended;
    private boolean closed;

    /** @param partition in which its events are handled and its position is kept */
    SourceInput(InputSpec spec, FlowServices services, Intake intake, Timers timers, int bound, int partition) {
        this.spec = spec;
        this.services = services;
        this.intake = intake;
        this.timers = timers;
        this.context = services.vertx().getOrCreateContext();
        this.bound = bound;
        this.partition = partition;
        Source made = BuiltInSources.make(spec.kind(), spec.options(), services.home(), new Problems());
        if (made == null) {
            throw new IllegalStateException("a flow with problems is never run");
        }
        this.source = made;
    }

    @Override
    public Future<Void> start(List<FlowCommit.Cursor> cursors) {
        Position from = cursors.stream()
                .filter(cursor -> cursor.input().equals(spec.name()) && cursor.partition() == partition)
                .map(FlowCommit.Cursor::at)
                .findFirst()
                .orElse(null);
        at = from;
        told = from;
        if (source instanceof Input input) {
            input.start(this, from);
        } else {
            source.start(this);
        }
        return Future.succeededFuture();
    }

    @Override
    public void emit(String type, @Nullable String key, @Nullable Object data, @Nullable Position position) {
        if (closed) {
            return;
        }
        Waiting event = new Waiting(type, key == null || key.isEmpty() ? null : key, data, position);
        if (queue.isEmpty() && intake.hasRoom()) {
            take(event);
        } else if (source instanceof Input || queue.size() < bound) {
            queue.add(event);
        } else {
            dropped++;
            intake.warn(this, "events of " + spec.name() + " are dropped, since " + bound + " wait already");
        }
        if (source instanceof Input input && !paused && (!queue.isEmpty() || !intake.hasRoom())) {
            paused = true;
            input.pause();
        }
    }

    private void take(Waiting event) {
        if (event.at() != null) {
            at = event.at();
        }
        Arrival arrival = Arrival.bare(spec.name(), event.type(), event.key(), event.at());
        intake.take(this, arrival, event.data());
    }

    @Override
    public void proceed() {
        while (!queue.isEmpty() && intake.hasRoom()) {
            take(queue.remove());
        }
        if (paused && queue.isEmpty() && intake.hasRoom() && source instanceof Input input) {
            paused = false;
            input.resume();
        }
        tellEnd();
    }

    @Override
    public void bad(String place, String error, @Nullable Position position) {
        intake.warn(this, place + ": " + error);
        if (position != null && queue.isEmpty()) {
            at = position;
        }
    }

    @Override
    public void end() {
        readToEnd = true;
        tellEnd();
    }

    private void tellEnd() {
        if (readToEnd && !ended && !closed && queue.isEmpty()) {
            ended = true;
            intake.ended(this, spec.name());
        }
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    /** A flow that went on as if all were read would say what is wrong. */
    @Override
    public void fail(String place, String error) {
        intake.stop(place + ": " + error);
    }

    @Override
    public boolean hasProgress() {
        return at != null && !at.equals(told);
    }

    @Override
    public List<FlowCommit.Cursor> progress() {
        Position reached = at;
        if (reached == null || !hasProgress()) {
            return List.of();
        }
        told = reached;
        return List.of(new FlowCommit.Cursor(partition, spec.name(), reached));
    }

    @Override
    public long lag() {
        return queue.size();
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            queue.clear();
            source.stop();
        }
    }

    @Override
    public Clock clock() {
        return services.clock();
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public Counters counters() {
        return services.counters();
    }

    @Override
    public AccessLog accesses() {
        return services.accesses();
    }

    @Override
    public String nodeId() {
        return services.nodeId();
    }

    @Override
    public Vertx vertx() {
        return services.vertx();
    }

    @Override
    public void run(Runnable action) {
        context.runOnContext(then -> action.run());
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        return services.vertx().executeBlocking(work);
    }
}
