package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Receipt;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is told of what is kept, in which order and where. */
class TellingTest {
    private static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    private static final int PRODUCERS = 4;
    private static final int EVENTS = 200;

    private final List<Kept> told = Collections.synchronizedList(new ArrayList<>());

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    private static Journal.Entry entry(String body) {
        return new Journal.Entry(MultiMap.caseInsensitiveMultiMap(), body, false);
    }

    /** One after the other, now alone and now ten at once; every receipt has to come on the producer's own context. */
    private static Future<Integer> produce(Journal journal, Context own, int left) {
        Promise<Integer> done = Promise.promise();
        own.runOnContext(now -> {
            List<Future<List<Receipt>>> kept = new ArrayList<>();
            for (int i = left % 2 == 0 ? 10 : 1; i > 0; i--) {
                kept.add(journal.append("a", ALL, List.of(entry("x"), entry("y")))
                        .onSuccess(
                                receipts -> assertThat(Vertx.currentContext()).isSameAs(own)));
            }
            Future.all(kept)
                    .compose(all -> left == 0 ? Future.succeededFuture(0) : produce(journal, own, left - 1))
                    .map(after -> after + 2 * kept.size())
                    .onComplete(done);
        });
        return done.future();
    }

    @Test
    void everyLogIsToldInOrderHoweverManyEventLoopsProduce(@TempDir Path folder) throws Exception {
        Vertx vertx = Vertx.vertx();
        EngineRules rules = new EngineRules(120_000, 1_000, 86_400_000, address -> ALL);
        EngineJournal journal = new EngineJournal(vertx, new SqliteEngine(folder, rules), Clock.system(), told::add);
        get(journal.start());
        List<Future<Integer>> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            producers.add(produce(journal, ((VertxInternal) vertx).createEventLoopContext(), EVENTS / PRODUCERS));
        }
        long events = 0;
        for (Future<Integer> producer : producers) {
            events += get(producer);
        }
        long at = 0;
        for (Kept each : told) {
            assertThat(each.from()).isEqualTo(at);
            for (KeptEvent event : each.events()) {
                assertThat(event.offset()).isEqualTo(++at);
            }
            assertThat(each.to()).isEqualTo(at);
        }
        assertThat(at).isEqualTo(events);
        get(journal.stop());
        get(vertx.close());
    }

    @Test
    void whatOnePassOfAnEventLoopAppendsIsCommittedAndToldAtOnce(@TempDir Path folder) throws Exception {
        Vertx vertx = Vertx.vertx();
        EngineRules rules = new EngineRules(120_000, 1_000, 86_400_000, address -> ALL);
        EngineJournal journal = new EngineJournal(vertx, new SqliteEngine(folder, rules), Clock.system(), told::add);
        get(journal.start());
        Promise<Object> all = Promise.promise();
        vertx.getOrCreateContext().runOnContext(now -> {
            List<Future<List<Receipt>>> kept = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                kept.add(journal.append("a", ALL, List.of(entry("x"))));
            }
            Future.all(kept).<Object>mapEmpty().onComplete(all);
        });
        get(all.future());
        assertThat(told).singleElement().satisfies(stretch -> assertThat(stretch.events())
                .hasSize(8));
        get(journal.stop());
        get(vertx.close());
    }
}
