package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of a pipeline need of where they run: time, where emissions go, and who keeps what they remember. One per running
 * flow and node, or test. All on one event loop.
 */
interface Lane {
    Clock clock();

    Timers timers();

    /** Null where nothing outside may be reached. */
    @Nullable
    Vertx vertx();

    /** What a step that reaches outside does instead, in tests and dry runs; null where it may reach. */
    default @Nullable Rehearsal rehearsal(String stage) {
        return null;
    }

    /** Records what its steps do. */
    default Tracing tracing() {
        return Tracing.OFF;
    }

    /** The partition in which a key's state is kept. */
    int partitionOf(String key);

    /** An id for an event that waits, behind those before it in the order of text. */
    String nextId();

    /** See {@link StageContext#publish}. */
    @Nullable
    Future<?> publish(@Nullable Step step, String address, MultiMap headers, @Nullable Object data);

    /** See {@link StageContext#lookup}. */
    Lookup lookup(String address);

    /** See {@link StageContext#tell}. */
    default void tell(String address, String type, JsonObject data) {}

    /** See {@link StageContext#warn}. */
    default void warn(String what) {}

    /** Why the event could not wait here, since what waits is kept; null when it can. */
    default @Nullable String unkeepable(FlowEvent event) {
        return null;
    }

    /** An event waits at a step from now on. */
    void entered(Item item);

    /** What is said of a waiting event changed. */
    void changed(Item item);

    /** An event waits no more. */
    void left(Item item);

    /** What a stage remembers of a key changed. */
    void remember(StateTable<?> table, String key);

    /** An event could not be processed. */
    void dead(FlowCommit.Dead letter);

    /** The flow must stop, as it says for this error. */
    void stop(String why);

    /** Counts of a step, the same for all lanes that run it one after another. */
    StageCounts counts(StageSpec stage);
}
