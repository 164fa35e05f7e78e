package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the events of journaled addresses. What the publisher and the edges need of it; node wiring makes it. Thread-safe;
 * never blocks; answers come on the caller's context.
 */
public interface Journal {
    /**
     * An event to keep.
     *
     * @param headers complete; not changed any more
     * @param body a JSON value or bytes; not changed any more
     * @param ownId whether the producer chose the id, so that a repeat of it answers the first offset
     */
    record Entry(MultiMap headers, @Nullable Object body, boolean ownId) {}

    /**
     * How much the newest events of a log take.
     *
     * @param bytes of their data
     * @param counted how many were counted
     * @param all whether there are no others
     */
    record Size(long bytes, long counted, boolean all) {}

    /**
     * Appends events in order, all or nothing. They reach listeners once they are durable.
     *
     * @return where each is kept, once that is so; fails with {@link Refusal} {@code busy}, {@code unavailable} or
     *     {@code invalid_event}
     */
    Future<List<Receipt>> append(String address, Keep keep, List<Entry> entries);

    /**
     * Appends one event, as {@link #append(String, Keep, List)} does.
     *
     * @return where it is kept, once that is so
     */
    default Future<Receipt> append(String address, Keep keep, Entry entry) {
        return append(address, keep, List.of(entry)).map(receipts -> receipts.get(0));
    }

    /**
     * Reads what follows an offset, at most {@code limit} events and about 1 MiB. Whoever asks below the floor gets what is
     * left above it and sees that from {@code head().floor()}.
     *
     * @return fails with {@link Refusal} {@code unavailable} or {@code busy}
     */
    Future<Kept> read(String address, long from, int limit);

    /**
     * The offset of the newest event appended before a moment, 0 or an offset that is not kept any more when there is none.
     *
     * @param millis since 1970, by the journal's own time; not the {@code time} that events carry
     * @return fails with {@link Refusal} {@code unavailable}, or {@code invalid_parameter} where append times are not known
     */
    default Future<Long> offsetBefore(String address, long millis) {
        return Future.failedFuture(new Refusal(
                FailureCode.INVALID_PARAMETER,
                "this journal does not know when events were appended; ask by position"));
    }

    /**
     * How much the data of a log take, as far as the newest ten thousand events; empty where that is not found out cheaply. Fails like
     * {@link #read}.
     */
    default Future<Optional<Size>> size(String address) {
        return Future.succeededFuture(Optional.empty());
    }

    /** The ends of a log, which is begun when there is none yet. Fails with {@link Refusal} {@code unavailable} or {@code busy}. */
    Future<Head> head(String address, Keep keep);

    /**
     * The ends of all logs there are; none where that is not known. Reads them all: not to be asked more than every few seconds. Fails
     * like {@link #head}.
     */
    default Future<Map<String, Head>> logs() {
        return Future.succeededFuture(Map.of());
    }

    /**
     * The ends of a log as they were within about a second: what may be asked for every address all the time. Fails like
     * {@link #head}.
     */
    Future<Head> lately(String address, Keep keep);
}
