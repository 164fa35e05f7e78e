package dev.weir.journal.subscription;

import dev.weir.bus.Head;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A journal in memory whose commits a test lets through, holds back or fails. */
final class MemoryStore implements Store {
    String epoch = "e1";
    private final Map<String, List<KeptEvent>> logs = new HashMap<>();
    final Map<String, Work.Cursor> cursors = new HashMap<>();
    final Map<String, Work.Deferred> deferred = new TreeMap<>();
    final List<Work.DeadLetter> dead = new ArrayList<>();
    final Deque<Promise<Boolean>> held = new ArrayDeque<>();
    private final Deque<Work> heldWork = new ArrayDeque<>();
    boolean holding;
    long floor;
    int commits;

    void add(String address, @Nullable String key, String type) {
        List<KeptEvent> log = logs.computeIfAbsent(address, unseen -> new ArrayList<>());
        long offset = log.size() + 1L;
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add(EventHeaders.ID, "id" + offset)
                .add(EventHeaders.SOURCE, "/test")
                .add(EventHeaders.TYPE, type)
                .add(Wire.EPOCH, epoch)
                .add(Wire.OFFSET, Long.toString(offset));
        if (key != null) {
            headers.add(EventHeaders.SUBJECT, key);
        }
        log.add(new KeptEvent(offset, headers, (int) offset));
    }

    /** Forgets the log; the next event begins another. */
    void beginAnew(String address, String nextEpoch) {
        logs.remove(address);
        epoch = nextEpoch;
    }

    private List<KeptEvent> log(String address) {
        return logs.getOrDefault(address, List.of());
    }

    @Override
    public Future<WorkStore.Standing> standing(String subscription) {
        return Future.succeededFuture(
                new WorkStore.Standing(List.copyOf(cursors.values()), List.copyOf(deferred.values())));
    }

    @Override
    public Future<Boolean> commit(Work work) {
        Promise<Boolean> done = Promise.promise();
        held.add(done);
        heldWork.add(work);
        if (!holding) {
            release();
        }
        return done.future();
    }

    /** Lets the oldest commit that is held back through. */
    void release() {
        Work work = heldWork.remove();
        work.cursors().forEach(cursor -> cursors.put(cursor.address(), cursor));
        work.deferred().forEach(row -> deferred.put(key(row.place()), row));
        work.resumed().forEach(place -> deferred.remove(key(place)));
        dead.addAll(work.dead());
        dead.removeIf(letter -> work.discarded().contains(letter.id()));
        commits++;
        held.remove().complete(true);
    }

    /** Fails the oldest commit that is held back. */
    void fail() {
        heldWork.remove();
        held.remove().fail("the disk is full");
    }

    private static String key(Work.Place place) {
        return place.address() + String.format("%09d", place.offset());
    }

    @Override
    public Future<Head> head(String address) {
        return Future.succeededFuture(new Head(epoch, log(address).size(), floor));
    }

    @Override
    public Future<Long> offsetBefore(String address, long millis) {
        return Future.succeededFuture(millis);
    }

    @Override
    public Future<Kept> read(String address, long from, int limit) {
        List<KeptEvent> log = log(address);
        long start = Math.max(from, floor);
        int end = (int) Math.min(log.size(), start + limit);
        return Future.succeededFuture(
                new Kept(address, new Head(epoch, log.size(), floor), from, end, log.subList((int) start, end)));
    }
}
