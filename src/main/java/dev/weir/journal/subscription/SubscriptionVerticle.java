package dev.weir.journal.subscription;

import dev.weir.bus.Addresses;
import dev.weir.bus.Policies;
import dev.weir.bus.Publisher;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.bus.Subscriptions;
import dev.weir.journal.EngineJournal;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All subscriptions of a node, and its desk for dead letters. One per node. */
public final class SubscriptionVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionVerticle.class);

    private final EngineJournal journal;
    private final Supplier<Policies> policies;
    private final Subscriptions subscriptions;
    private final News news;
    private final Clock clock;
    private final String node;
    private final BiConsumer<String, Tally> counted;
    private final Map<String, Owner> owners = new HashMap<>();
    private final Map<String, Tally> tallies = new HashMap<>();
    private final Set<String> leaving = new HashSet<>();
    private final Map<String, Future<?>> ending = new HashMap<>();
    private @Nullable Declarations declarations;
    private boolean stopped;

    /**
     * @param policies those in force
     * @param subscriptions those in force, and who is told of those that are made over HTTP
     * @param counted gets what counts for each subscription, once by name
     */
    public SubscriptionVerticle(
            EngineJournal journal,
            Supplier<Policies> policies,
            Subscriptions subscriptions,
            Publisher publisher,
            Clock clock,
            String node,
            BiConsumer<String, Tally> counted) {
        this.counted = counted;
        this.journal = journal;
        this.policies = policies;
        this.subscriptions = subscriptions;
        this.news = new Announcer(publisher);
        this.clock = clock;
        this.node = node;
    }

    @Override
    public Future<?> start() {
        DeadLetterDesk letters = new DeadLetterDesk(vertx, journal, policies);
        vertx.eventBus().<JsonObject>localConsumer(Addresses.DEAD_LETTER_DESK, letters::answer);
        change();
        Declarations made = new Declarations(vertx, journal, Timers.of(vertx), subscriptions, new Force());
        declarations = made;
        return made.start();
    }

    private final class Force implements Declarations.Workers {
        @Override
        public Future<?> leave(String name) {
            Owner owner = owners.get(name);
            leaving.add(name);
            return owner == null ? ending.getOrDefault(name, Future.succeededFuture()) : end(owner);
        }

        @Override
        public void rejoin(String name) {
            leaving.remove(name);
        }

        @Override
        public void change() {
            SubscriptionVerticle.this.change();
        }
    }

    /** Takes up subscriptions that are new, leaves those that are gone, and begins those anew that changed. Any thread. */
    public Future<Void> adopt() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> {
            if (declarations != null) {
                declarations.readAnew();
            }
            change();
            done.complete();
        });
        return done.future();
    }

    private void change() {
        if (stopped) {
            return;
        }
        Map<String, SubscriptionPolicy> wanted = subscriptions.all();
        for (Owner owner : List.copyOf(owners.values())) {
            if (!owner.spec.sameAs(wanted.get(owner.spec.name()))) {
                end(owner);
            }
        }
        for (SubscriptionPolicy spec : wanted.values()) {
            String name = spec.name();
            if (!owners.containsKey(name) && !leaving.contains(name) && !ending.containsKey(name)) {
                Owner owner = new Owner(
                        spec,
                        vertx,
                        journal,
                        new JournalStore(journal, policies),
                        clock,
                        Timers.of(vertx),
                        node,
                        tallies.computeIfAbsent(name, this::tally),
                        news);
                owners.put(name, owner);
                owner.start();
            }
        }
    }

    /** Its successor begins once it has ended: what the last commit settled would be delivered again, and its claim is given back. */
    private Future<?> end(Owner owner) {
        String name = owner.spec.name();
        if (!owners.remove(name, owner)) {
            return Future.succeededFuture();
        }
        Promise<Void> ended = Promise.promise();
        ending.put(name, ended.future());
        owner.close().onComplete(done -> {
            if (done.failed()) {
                LOG.warn("{} did not end well", name, done.cause());
            }
            ending.remove(name);
            ended.complete();
            change();
        });
        return ended.future();
    }

    private Tally tally(String name) {
        Tally made = new Tally();
        counted.accept(name, made);
        return made;
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        List<Future<?>> closed = new ArrayList<>(ending.values());
        owners.values().forEach(owner -> closed.add(owner.close()));
        owners.clear();
        return Future.join(closed).otherwiseEmpty();
    }
}
