package dev.weir.journal.subscription;

import dev.weir.bus.Addresses;
import dev.weir.bus.Kept;
import dev.weir.bus.Spans;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.Work;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription on one node: tries to own it, and while it does answers its consumers. Of several nodes one owns it, by a claim
 * in the store that it renews; a dead one's claim is over after 6 s, and others look every 2 s. Owned by one event loop.
 */
final class Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Owner.class);
    private static final Duration RENEW = Duration.ofSeconds(2);
    private static final long CLAIM_MILLIS = 6_000;
    private static final Duration CERTAINLY_ALIVE = Duration.ofMillis(CLAIM_MILLIS + 2_000);
    private static final long CLAIM_NANOS = TimeUnit.MILLISECONDS.toNanos(CLAIM_MILLIS);

    final SubscriptionPolicy spec;
    private final Vertx vertx;
    private final EngineJournal journal;
    private final Store store;
    private final Clock clock;
    private final Timers timers;
    private final String node;
    private final Tally tally;
    private final News news;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final Elsewhere elsewhere;
    private @Nullable Dispatcher dispatcher;
    private Work.@Nullable Fence fence;
    private Timers.@Nullable Timer renewing;
    private long renewedNanos;
    private boolean asking;
    private boolean closed;

    Owner(
            SubscriptionPolicy spec,
            Vertx vertx,
            EngineJournal journal,
            Store store,
            Clock clock,
            Timers timers,
            String node,
            Tally tally,
            News news) {
        this.spec = spec;
        this.vertx = vertx;
        this.journal = journal;
        this.store = store;
        this.clock = clock;
        this.timers = timers;
        this.node = node;
        this.tally = tally;
        this.news = news;
        this.elsewhere = new Elsewhere(vertx, clock, spec.name(), CERTAINLY_ALIVE);
    }

    void start() {
        if (!journal.isShared()) {
            own(null);
            return;
        }
        claim();
        renewing = timers.every(RENEW, this::claim);
    }

    private String claimName() {
        return "subscription/" + spec.name();
    }

    private void claim() {
        if (asking) {
            // A journal that hangs must not find a thousand questions when it goes on.
            return;
        }
        asking = true;
        long askedNanos = clock.nanos();
        journal.ask(work -> java.util.Optional.ofNullable(work.claim(claimName(), node, CLAIM_MILLIS)))
                .onComplete(answer -> {
                    asking = false;
                    if (closed) {
                        return;
                    }
                    Work.Fence got = answer.succeeded() ? answer.result().orElse(null) : null;
                    if (got != null) {
                        renewedNanos = askedNanos;
                    }
                    if (got == null && answer.succeeded()) {
                        elsewhere.owned();
                    } else {
                        elsewhere.over();
                    }
                    decide(got, answer.succeeded() || clock.nanos() - renewedNanos > CLAIM_NANOS);
                });
    }

    /** @param sure whether it is certain that this node has no claim when it got none */
    private void decide(Work.@Nullable Fence got, boolean sure) {
        if (got != null && !got.equals(fence)) {
            disown();
            own(got);
        } else if (got == null && sure && fence != null) {
            LOG.warn("subscription {} is owned by another node now", spec.name());
            disown();
        }
    }

    private void own(Work.@Nullable Fence inForce) {
        fence = inForce;
        Tracing tracing = new Tracing(Spans.of(vertx), spec.name());
        Dispatcher made = new Dispatcher(spec, store, clock, timers, tally, this::disown, news, tracing);
        dispatcher = made;
        made.start(inForce);
        for (String address : spec.from()) {
            MessageConsumer<Kept> word = vertx.eventBus().consumer(Addresses.ofLog(address));
            consumers.add(word.handler(
                    kept -> made.wake(kept.body().address(), kept.body().head())));
        }
        MessageConsumer<JsonObject> desk = vertx.eventBus().consumer(Addresses.ofSubscription(spec.name()));
        consumers.add(desk.handler(new Desk(made, journal)::answer));
        LOG.debug("subscription {} is owned by this node", spec.name());
    }

    private Future<?> disown() {
        fence = null;
        Dispatcher own = dispatcher;
        dispatcher = null;
        List<Future<Void>> gone = new ArrayList<>();
        if (own != null) {
            gone.add(own.close());
        }
        consumers.forEach(each -> gone.add(each.unregister()));
        consumers.clear();
        return Future.join(gone);
    }

    /** Stops, and gives the claim back, once the last commit is over, so that another node goes on at once. */
    Future<?> close() {
        closed = true;
        elsewhere.over();
        if (renewing != null) {
            renewing.cancel();
        }
        Work.Fence held = fence;
        Future<?> gone = disown();
        if (held == null) {
            return gone;
        }
        return gone.otherwiseEmpty()
                .compose(silent -> journal.ask(work -> {
                    work.release(held, node);
                    return true;
                }))
                .otherwise(false);
    }
}
