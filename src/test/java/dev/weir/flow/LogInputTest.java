package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Receipt;
import dev.weir.bus.StartAt;
import dev.weir.config.Location;
import dev.weir.config.RawValue;
import dev.weir.time.VirtualTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading a log on, page by page, without the help of the check that looks once a second: no time passes here. */
class LogInputTest {
    private static final int EVENTS = 10_300;
    private static final Keep KEEP = new Keep(1_000_000, Long.MAX_VALUE, 0);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<Long> taken = new CopyOnWriteArrayList<>();

    /** A log in memory; it answers at once, as one whose pages others have just read, or a turn later. */
    private final class Log implements Journal {
        private final boolean atOnce;

        Log(boolean atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public Future<List<Receipt>> append(String address, Keep keep, List<Entry> entries) {
            return Future.failedFuture("nobody appends here");
        }

        @Override
        public Future<Kept> read(String address, long from, int limit) {
            long to = Math.min(EVENTS, from + limit);
            List<KeptEvent> events = LongStream.rangeClosed(from + 1, to)
                    .mapToObj(offset -> new KeptEvent(offset, MultiMap.caseInsensitiveMultiMap(), null))
                    .toList();
            Kept page = new Kept(address, head(), from, to, events);
            if (atOnce) {
                return Future.succeededFuture(page);
            }
            Promise<Kept> later = Promise.promise();
            context.runOnContext(turn -> later.complete(page));
            return later.future();
        }

        private Head head() {
            return new Head("e", EVENTS, 0);
        }

        @Override
        public Future<Head> head(String address, Keep keep) {
            return Future.succeededFuture(head());
        }

        @Override
        public Future<Head> lately(String address, Keep keep) {
            return Future.succeededFuture(head());
        }
    }

    /** Has room for so many, and room again a turn after it had none. */
    private final class Narrow implements Intake {
        private final int room;
        private int waiting;
        private @Nullable LaneInput full;

        Narrow(int room) {
            this.room = room;
        }

        @Override
        public void take(LaneInput input, Arrival arrival, @Nullable Object data) {
            waiting++;
            taken.add(arrival.place() == null ? -1L : arrival.place().at().offset());
            full = input;
        }

        @Override
        public boolean hasRoom() {
            if (waiting < room) {
                return true;
            }
            context.runOnContext(turn -> {
                if (waiting >= room && full != null) {
                    waiting = 0;
                    full.proceed();
                }
            });
            return false;
        }

        @Override
        public void stop(String why) {
            throw new AssertionError(why);
        }

        @Override
        public void warn(LaneInput input, String what) {
            throw new AssertionError(what);
        }
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void read(boolean atOnce, int room) {
        InputSpec spec = new InputSpec(
                InputSpec.ADDRESS, "log", List.of(), StartAt.BEGINNING, RawValue.of("log"), Location.NONE);
        context.runOnContext(begin -> new LogInput(
                        spec, "log", KEEP, new Log(atOnce), vertx.eventBus(), time, new Narrow(room), Set.of(0))
                .start(List.of()));
        await().until(() -> taken.size() >= EVENTS);
        assertThat(taken)
                .isEqualTo(
                        IntStream.rangeClosed(1, EVENTS).mapToObj(Long::valueOf).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 4_096, 700, 500, 499, 50})
    void aJournalThatAnswersAtOnceIsReadThrough(int room) {
        read(true, room);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 4_096, 700, 500, 499, 50})
    void aJournalThatAnswersLaterIsReadThrough(int room) {
        read(false, room);
    }
}
