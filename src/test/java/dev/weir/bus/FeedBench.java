package dev.weir.bus;

import static org.awaitility.Awaitility.await;

import dev.weir.journal.EngineJournal;
import dev.weir.journal.EngineRules;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.time.Clock;
import dev.weir.time.VirtualTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A feed on a real journal and a real bus, where the test says what gets through between them and how time passes. */
final class FeedBench implements AutoCloseable, Feed.Listener {
    static final String ADDRESS = "orders";

    final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    final Counters counters = new Counters();
    final List<Long> heard = new CopyOnWriteArrayList<>();
    final List<FailureCode> broken = new CopyOnWriteArrayList<>();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicBoolean refusing = new AtomicBoolean();
    private final AtomicReference<Promise<Void>> slow = new AtomicReference<>();
    final List<Kept> told = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Keep keep;
    private final EngineJournal journal;
    private final Feed feed;

    FeedBench(Path folder, Keep keep) throws Exception {
        this.keep = keep;
        vertx.eventBus().registerCodec(new KeptCodec());
        journal = new EngineJournal(
                vertx,
                new SqliteEngine(folder, new EngineRules(120_000, 1_000, 86_400_000, address -> keep)),
                Clock.system(),
                told::add);
        get(journal.start());
        feed = new Feed(vertx.eventBus(), new Counting(), time, counters, ADDRESS, keep, this);
    }

    FeedBench start() throws Exception {
        Promise<Void> started = Promise.promise();
        context.runOnContext(go -> feed.start().onComplete(started));
        get(started.future());
        return this;
    }

    private static <T> T get(Future<T> future) throws TimeoutException {
        return future.await(30, TimeUnit.SECONDS);
    }

    /** Keeps so many events of that size in one append, which is told as one stretch. */
    Kept append(int count, int size) throws Exception {
        List<Journal.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new Journal.Entry(MultiMap.caseInsensitiveMultiMap(), "x".repeat(size), false));
        }
        List<Receipt> receipts = get(journal.append(ADDRESS, keep, entries));
        long last = Objects.requireNonNull(receipts.get(count - 1).kept()).offset();
        // Producers may be answered before the others are told.
        return await().until(
                        () -> told.stream().filter(each -> each.to() == last).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    /** The message comes. */
    void deliver(Kept stretch) throws Exception {
        vertx.eventBus().publish(Addresses.ofLog(ADDRESS), stretch, new DeliveryOptions().setCodecName(KeptCodec.NAME));
        on(() -> null);
    }

    void pass(long millis) throws Exception {
        on(() -> {
            time.advance(Duration.ofMillis(millis));
            return null;
        });
    }

    /** Reads get no answer until {@link #answerReads}. */
    void holdReads() {
        slow.set(Promise.promise());
    }

    void answerReads() throws Exception {
        Promise<Void> held = slow.getAndSet(null);
        on(() -> {
            held.complete();
            return null;
        });
    }

    Position position() throws Exception {
        return on(feed::position);
    }

    /** On the feed's event loop, behind all that came before. */
    private <T> T on(Callable<T> action) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(go -> {
            try {
                done.complete(action.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return get(done.future());
    }

    @Override
    public void events(Kept stretch) {
        stretch.events().forEach(event -> heard.add(event.offset()));
    }

    @Override
    public void broken(FailureCode why) {
        broken.add(why);
    }

    @Override
    public void close() throws TimeoutException {
        context.runOnContext(go -> feed.stop());
        get(journal.stop());
        get(vertx.close());
    }

    /** The journal, which counts reads and refuses them while the test says so. */
    private final class Counting implements Journal {
        @Override
        public Future<List<Receipt>> append(String address, Keep keep, List<Entry> entries) {
            return journal.append(address, keep, entries);
        }

        @Override
        public Future<Kept> read(String address, long from, int limit) {
            reads.incrementAndGet();
            if (refusing.get()) {
                return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE));
            }
            Promise<Void> held = slow.get();
            return held == null
                    ? journal.read(address, from, limit)
                    : held.future().compose(now -> journal.read(address, from, limit));
        }

        @Override
        public Future<Head> head(String address, Keep keep) {
            return journal.head(address, keep);
        }

        @Override
        public Future<Head> lately(String address, Keep keep) {
            return journal.lately(address, keep);
        }
    }
}
