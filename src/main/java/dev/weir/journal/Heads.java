package dev.weir.journal;

import dev.weir.bus.Head;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The ends of logs that other nodes write to as well. Whoever asks while a question is on its way shares the next one, and all
 * addresses that are asked for regularly are in each, so that a node asks about once a second however many it has. Thread-safe;
 * its lock is held for moments only.
 */
final class Heads {
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(900);
    private static final long WATCHED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final class Round {
        final Set<String> addresses = new HashSet<>();
        final Promise<Map<String, Head>> answer = Promise.promise();
    }

    private final Engine engine;
    private final WorkerExecutor readers;
    private final Clock clock;
    private final Map<String, Long> watched = new HashMap<>();
    private Map<String, Head> known = Map.of();
    private long knownNanos;
    private Round next = new Round();
    private boolean asking;

    Heads(Engine engine, WorkerExecutor readers, Clock clock) {
        this.engine = engine;
        this.readers = readers;
        this.clock = clock;
        this.knownNanos = clock.nanos() - FRESH_NANOS;
    }

    /** As it is now or later. The answer has no entry for a log that is not there; it comes on any thread. */
    synchronized Future<Map<String, Head>> now(String address) {
        Round round = next;
        round.addresses.add(address);
        if (!asking) {
            ask();
        }
        return round.answer.future();
    }

    /** As it was within about a second. */
    synchronized Future<Map<String, Head>> lately(String address) {
        long now = clock.nanos();
        boolean wasWatched = watched.put(address, now) != null;
        if (wasWatched && now - knownNanos < FRESH_NANOS && known.containsKey(address)) {
            return Future.succeededFuture(known);
        }
        watched.values().removeIf(asked -> now - asked > WATCHED_NANOS);
        next.addresses.addAll(watched.keySet());
        return now(address);
    }

    private synchronized void ask() {
        Round round = next;
        next = new Round();
        asking = true;
        long askedNanos = clock.nanos();
        readers.executeBlocking(() -> engine.heads(round.addresses), false).onComplete(done -> {
            answered(round, done, askedNanos);
            round.answer.handle(done);
        });
    }

    private synchronized void answered(
            Round round, io.vertx.core.AsyncResult<Map<String, Head>> done, long askedNanos) {
        asking = false;
        if (done.succeeded() && round.addresses.containsAll(watched.keySet())) {
            known = Map.copyOf(done.result());
            knownNanos = askedNanos;
        }
        if (!next.addresses.isEmpty()) {
            ask();
        }
    }
}
