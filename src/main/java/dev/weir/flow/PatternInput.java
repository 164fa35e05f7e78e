package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.Policy;
import dev.weir.bus.StartAt;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads every journaled address for which the policy of a pattern decides, each as an input of its own: those that are there, and new
 * ones from their beginning, within about a second. Owned by the lane's event loop.
 */
final class PatternInput implements LaneInput {
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** What it needs of the node. */
    interface Logs {
        /** The addresses that have a log now. */
        Future<Set<String>> addresses();

        /** The policy that decides for an address; null when there is none. */
        @Nullable
        Policy policyOf(String address);
    }

    private final InputSpec spec;
    private final Logs logs;
    private final Timers timers;
    private final Intake intake;
    private final Function<InputSpec, LaneInput> maker;
    private final Map<String, LaneInput> inputs = new TreeMap<>();
    private Timers.@Nullable Timer looking;
    private boolean asking;
    private boolean closed;

    /** @param maker makes the input of one address */
    PatternInput(InputSpec spec, Logs logs, Timers timers, Intake intake, Function<InputSpec, LaneInput> maker) {
        this.spec = spec;
        this.logs = logs;
        this.timers = timers;
        this.intake = intake;
        this.maker = maker;
    }

    @Override
    public Future<Void> start(List<FlowCommit.Cursor> cursors) {
        return logs.addresses().compose(found -> {
            List<String> own = found.stream().filter(this::isOwn).toList();
            // A log that began while the flow was not there is new to it, from its beginning.
            boolean first = cursors.stream().noneMatch(cursor -> isOwn(cursor.input()));
            List<Future<Void>> started = new ArrayList<>();
            own.forEach(address -> started.add(begin(address, first ? spec.start() : StartAt.BEGINNING, cursors)));
            return Future.all(started).map(all -> {
                if (!closed) {
                    looking = timers.every(LOOK, () -> look(cursors));
                }
                return null;
            });
        });
    }

    private boolean isOwn(String address) {
        Policy own = logs.policyOf(address);
        return own != null && own.match().subscription().equals(spec.name());
    }

    private Future<Void> begin(String address, StartAt start, List<FlowCommit.Cursor> cursors) {
        LaneInput made =
                maker.apply(new InputSpec(spec.kind(), address, spec.types(), start, spec.options(), spec.at()));
        inputs.put(address, made);
        return made.start(cursors).onFailure(failure -> {
            made.close();
            inputs.remove(address, made);
        });
    }

    private void look(List<FlowCommit.Cursor> cursors) {
        if (asking) {
            return;
        }
        asking = true;
        logs.addresses().onComplete(found -> {
            asking = false;
            if (closed || found.failed()) {
                return;
            }
            for (String address : found.result()) {
                if (!inputs.containsKey(address) && isOwn(address)) {
                    begin(address, StartAt.BEGINNING, cursors)
                            .onFailure(failure ->
                                    intake.warn(this, address + " is tried again: " + Mishaps.textOf(failure)));
                }
            }
        });
    }

    @Override
    public void proceed() {
        inputs.values().forEach(LaneInput::proceed);
    }

    @Override
    public List<FlowCommit.Cursor> progress() {
        List<FlowCommit.Cursor> cursors = new ArrayList<>();
        inputs.values().forEach(input -> cursors.addAll(input.progress()));
        return cursors;
    }

    @Override
    public boolean hasProgress() {
        return inputs.values().stream().anyMatch(LaneInput::hasProgress);
    }

    @Override
    public long lag() {
        return inputs.values().stream().mapToLong(LaneInput::lag).sum();
    }

    @Override
    public void close() {
        closed = true;
        if (looking != null) {
            looking.cancel();
        }
        inputs.values().forEach(LaneInput::close);
    }
}
