package dev.weir.journal.delayed;

import dev.weir.bus.Addresses;
import dev.weir.bus.Policies;
import dev.weir.bus.Publisher;
import dev.weir.journal.DelayedStore;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.Work;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events for later on one node. Of several nodes on one store that one is on duty which has the claim; it is over 6 s after the
 * node's death, and meanwhile the others stand in. One per node.
 */
public final class DelayedVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(DelayedVerticle.class);
    private static final String CLAIM = "delayed";
    private static final Duration RENEW = Duration.ofSeconds(2);
    private static final long CLAIM_MILLIS = 6_000;
    private static final Duration FORGET = Duration.ofSeconds(30);
    private static final Duration COUNT = Duration.ofSeconds(15);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final long SOON_MILLIS = 1_500;

    private final EngineJournal journal;
    private final Supplier<Policies> policies;
    private final Publisher publisher;
    private final Clock clock;
    private final String node;
    private final DelayedDesk.Limits limits;
    private final long windowMillis;
    private final Tally tally = new Tally();
    private final List<Timers.Timer> running = new ArrayList<>();
    private @Nullable Courier courier;
    private Work.@Nullable Fence claim;
    private long claimedNanos;
    private boolean asking;
    private boolean stopped;

    /**
     * @param policies those in force
     * @param node this node's id
     * @param windowMillis how long it is known what became of an event
     */
    public DelayedVerticle(
            EngineJournal journal,
            Supplier<Policies> policies,
            Publisher publisher,
            Clock clock,
            String node,
            DelayedDesk.Limits limits,
            long windowMillis) {
        this.journal = journal;
        this.policies = policies;
        this.publisher = publisher;
        this.clock = clock;
        this.node = node;
        this.limits = limits;
        this.windowMillis = windowMillis;
    }

    /** What it counts. */
    public Tally tally() {
        return tally;
    }

    @Override
    public Future<?> start() {
        Timers timers = Timers.of(vertx);
        Courier own = new Courier(new JournalStore(journal), policies, publisher::deliver, clock, timers, tally);
        courier = own;
        publisher.delayed().keep(new DelayedDesk(journal, policies, clock, limits, tally, this::accepted));
        running.add(timers.every(FORGET, () -> whenOnDuty(this::forget)));
        running.add(timers.every(COUNT, this::count));
        if (!journal.isShared()) {
            begin(own, timers);
            return Future.succeededFuture();
        }
        running.add(timers.every(RENEW, () -> claim(own)));
        claim(own);
        own.ask();
        return vertx.eventBus().consumer(Addresses.DUE_SOON, soon -> own.ask()).completion();
    }

    /** A node alone: what it had taken when it died waits again, before anything else is taken. */
    private void begin(Courier own, Timers timers) {
        journal.keep(new DelayedStore.Reopen()).onComplete(done -> {
            if (done.succeeded()) {
                own.onDuty(true);
            } else if (!stopped) {
                LOG.debug("events for later are not delivered yet", done.cause());
                timers.after(AGAIN, () -> begin(own, timers));
            }
        });
    }

    private void claim(Courier own) {
        if (asking) {
            return;
        }
        asking = true;
        long askedNanos = clock.nanos();
        journal.ask(work -> Optional.ofNullable(work.claim(CLAIM, node, CLAIM_MILLIS)))
                .onComplete(answer -> {
                    asking = false;
                    if (answer.succeeded()) {
                        claim = answer.result().orElse(null);
                        claimedNanos = askedNanos;
                    } else if (clock.nanos() - claimedNanos > TimeUnit.MILLISECONDS.toNanos(CLAIM_MILLIS)) {
                        claim = null;
                    }
                    own.onDuty(claim != null && !stopped);
                });
    }

    /** On any thread. The next question would come within a second anyway. */
    private void accepted(long dueMillis) {
        if (dueMillis - clock.millis() > SOON_MILLIS) {
            return;
        }
        if (journal.isShared()) {
            vertx.eventBus().publish(Addresses.DUE_SOON, dueMillis);
        } else {
            context.runOnContext(now -> {
                if (courier != null) {
                    courier.ask();
                }
            });
        }
    }

    private void whenOnDuty(Runnable action) {
        if (courier != null && courier.isOnDuty()) {
            action.run();
        }
    }

    private void forget() {
        journal.keep(new DelayedStore.Forget(windowMillis))
                .onFailure(failure -> LOG.debug("what is over is forgotten later", failure));
    }

    private void count() {
        if (courier == null || !courier.isOnDuty()) {
            tally.waiting.set(0);
            return;
        }
        journal.askDelayed(DelayedStore::count)
                .onSuccess(tally.waiting::set)
                .onFailure(failure -> LOG.debug("events for later are counted later", failure));
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        running.forEach(Timers.Timer::cancel);
        if (courier != null) {
            courier.close();
        }
        Work.Fence held = claim;
        return held == null
                ? Future.succeededFuture()
                : journal.ask(work -> {
                            work.release(held, node);
                            return true;
                        })
                        .otherwise(false);
    }
}
