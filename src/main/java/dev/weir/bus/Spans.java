package dev.weir.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import org.jspecify.annotations.Nullable;

/**
 * Records what happens to events on their way: every step of sampled ones, and the failures of all. Whether an event is sampled is
 * decided once, when it comes in, and goes with it as a flag of its {@code traceparent}; whoever has it later looks at that flag and
 * does nothing more when it is not set. Node wiring makes the recorder; thread-safe, never waits.
 *
 * <p>Details are names and values by turns; values are strings, numbers or booleans, and are kept as they are.
 */
public interface Spans extends Shareable {
    /** Records nothing; traces that begin are not sampled, those that go on keep their flag. */
    Spans OFF = new Spans() {};

    /** The recorder of the node that runs in this Vert.x instance, {@link #OFF} where there is none. */
    static Spans of(Vertx vertx) {
        Spans shared = vertx.sharedData()
                .<String, Spans>getLocalMap(Publisher.SHARED_MAP)
                .get("spans");
        return shared == null ? OFF : shared;
    }

    /** Leaves it where {@link #of} finds it: before the parts of the node are made, which ask once. */
    default void share(Vertx vertx) {
        vertx.sharedData().<String, Spans>getLocalMap(Publisher.SHARED_MAP).put("spans", this);
    }

    /** Whether anything is recorded at all. */
    default boolean isActive() {
        return false;
    }

    /** Whether the steps of an event are recorded. For the way of every event: a look at one header. */
    default boolean isOn(MultiMap headers) {
        return false;
    }

    /**
     * Whether a trace belongs to the share that is sampled.
     *
     * @param random the low half of its id
     */
    default boolean samples(long random) {
        return false;
    }

    /** Whether one more event is recorded because its producer asks for it, which is bounded per second. */
    default boolean grants() {
        return false;
    }

    /** What time it is, for durations. */
    default long nanos() {
        return 0;
    }

    /**
     * Remembers that an event came in now, so that {@link #delivered} knows how long it took.
     *
     * @return {@link #nanos}
     */
    default long began(MultiMap headers) {
        return 0;
    }

    /**
     * A step of a sampled event.
     *
     * @param name the address, {@code <flow>}, {@code <flow>/<stage>} or the subscription
     * @param began in {@link #nanos}
     * @param took in nanoseconds
     */
    default void record(SpanKind kind, String name, MultiMap headers, long began, long took, Object... detail) {}

    /**
     * How a sampled event came in.
     *
     * @param given the {@code traceparent} it came with
     */
    default void accepted(
            String address,
            MultiMap headers,
            @Nullable String given,
            long began,
            @Nullable String error,
            Object... detail) {}

    /** A sampled event was written to sessions now. */
    default void delivered(String address, MultiMap headers, Object... detail) {}

    /** Something that went wrong with any event, sampled or not; how many are recorded is bounded per second. */
    default void failed(
            SpanKind kind, String name, MultiMap headers, long began, long took, String error, Object... detail) {}

    /** An event of an address that keeps events was refused. Those that are not sampled have a bound of their own. */
    default void refused(String address, MultiMap headers, String error) {}
}
