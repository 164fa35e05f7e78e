package dev.weir.flow;

import dev.weir.emitter.CircuitBreaker;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a stage may use. To be used on the lane's event loop only. */
public interface StageContext {
    /** The flow's name. */
    String flow();

    /** The stage's id. */
    String id();

    /** What time it is; virtual in tests and dry runs. */
    Clock clock();

    /** Timers that are not remembered over a restart; what must be goes into the {@link KeyedState}. */
    Timers timers();

    /** What to do instead of reaching outside, in tests and dry runs; null where the stage may reach. */
    @Nullable
    Rehearsal rehearsal();

    /** For requests over the bus and HTTP; null in tests and dry runs, where nothing may be reached. */
    @Nullable
    Vertx vertx();

    /** Gives an event on to the next stage or the flow's targets. */
    void emit(FlowEvent event);

    /** Gives an event to a side output; counted as dropped when the flow does nothing with it. */
    void emit(String output, FlowEvent event);

    /** The event goes no further, which is what the stage is for; counted. */
    void drop(FlowEvent event);

    /**
     * What the stage remembers by key, kept over restarts when the flow is journaled. To be asked for once, when the stage is made.
     *
     * @param codec how values are kept
     * @param due called for entries whose time has come
     */
    default <V> KeyedState<V> state(StateCodec<V> codec, KeyedState.Due<V> due) {
        return state(codec, due, StateTable.MOST_KEYS);
    }

    /**
     * The same with a bound of its own.
     *
     * @param most how many keys are remembered; beyond it the one that was not used for longest is forgotten
     */
    <V> KeyedState<V> state(StateCodec<V> codec, KeyedState.Due<V> due, long most);

    /**
     * The newest event of each key of an address with {@code keep: latest}. To be asked for once, when the stage is made.
     *
     * @param address declared by {@link StageOptions#looksUp}
     */
    Lookup lookup(String address);

    /**
     * Keeps the event that is being accepted until the hold is released: while something asynchronous happens. Later events of its
     * key wait behind it. Inputs are paused while too many are held.
     */
    Hold hold(FlowEvent event);

    /** The same; unless {@code inOrder} later events of its key do not wait behind it. */
    Hold hold(FlowEvent event, boolean inOrder);

    /**
     * Publishes to an address, as part of the flow's commit where it has one.
     *
     * @param headers complete but for id, source and time
     * @return null when there is nothing to wait for, else what happened; throws what the address refuses
     */
    @Nullable
    Future<?> publish(String address, MultiMap headers, @Nullable Object data);

    /**
     * Tells operators of something on a system address, at once. In tests only those that expect something there see it.
     *
     * @param address one of {@link dev.weir.bus.Addresses}
     */
    void tell(String address, String type, JsonObject data);

    /** Says something that users should know: in the log and where the flow is shown, the same text at most once a minute. */
    void warn(String what);

    /** Says how its circuit breaker stands, for those who look on; a stage has one at most. */
    void breaker(CircuitBreaker.State state);

    /** Counts, as {@code repeated}, and records that an outside is asked about an event once more after a pause. */
    void repeated(FlowEvent event, int attempts, Duration pause, Throwable failure);

    /** Counts something that users should see under the stage, such as an eviction. */
    void count(String what, long by);
}
