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
    private @Nullable Declarations declarations;

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
            Owner owner = owners.remove(name);
            leaving.add(name);
            return owner == null ? Future.succeededFuture() : owner.close();
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
        Map<String, SubscriptionPolicy> wanted = subscriptions.all();
        for (Owner owner : List.copyOf(owners.values())) {
            if (!owner.spec.sameAs(wanted.get(owner.spec.name()))) {
                owners.remove(owner.spec.name());
                owner.close().onFailure(failure -> LOG.warn("{} did not end well", owner.spec.name(), failure));
            }
        }
        for (SubscriptionPolicy spec : wanted.values()) {
            if (!owners.containsKey(spec.name()) && !leaving.contains(spec.name())) {
                Owner owner = new Owner(
                        spec,
                        vertx,
                        journal,
                        new JournalStore(journal, policies),
                        clock,
                        Timers.of(vertx),
                        node,
                        tallies.computeIfAbsent(spec.name(), this::tally),
                        news);
                owners.put(spec.name(), owner);
                owner.start();
            }
        }
    }

    private Tally tally(String name) {
        Tally made = new Tally();
        counted.accept(name, made);
        return made;
    }

    @Override
    public Future<?> stop() {
        List<Future<?>> closed = new ArrayList<>();
        owners.values().forEach(owner -> closed.add(owner.close()));
        owners.clear();
        return Future.join(closed).otherwiseEmpty();
    }
}
