package dev.weir.node;

import dev.weir.bus.FailureText;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.SubscriptionState;
import dev.weir.bus.Traces;
import dev.weir.config.ConfigException;
import dev.weir.config.JournalConfig;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Problem;
import dev.weir.journal.DataFolder;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EngineRules;
import dev.weir.journal.JournalException;
import dev.weir.journal.delayed.DelayedDesk;
import dev.weir.journal.delayed.DelayedVerticle;
import dev.weir.journal.flow.EngineFlows;
import dev.weir.journal.hazelcast.HazelcastEngine;
import dev.weir.journal.sql.PostgresEngine;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.journal.subscription.SubscriptionVerticle;
import dev.weir.journal.subscription.Tally;
import dev.weir.journal.trace.EngineTraces;
import dev.weir.journal.trace.InForce;
import dev.weir.observe.Health;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The node's journal: there from the moment a policy keeps something, so that a node that keeps nothing touches no file. Owned by
 * the node verticle's event loop.
 */
final class NodeJournal {
    private final Node node;
    private final Health health;
    private final MeterRegistry metrics;
    private @Nullable Future<EngineJournal> journal;
    private @Nullable DataFolder folder;
    private @Nullable SubscriptionVerticle subscriptions;
    private @Nullable FlowJournal flows;
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private @Nullable EngineTraces traces;
    private final AtomicReference<@Nullable Map<String, Set<String>>> flowsInForce = new AtomicReference<>();

    NodeJournal(Node node, Health health, MeterRegistry metrics) {
        this.node = node;
        this.health = health;
        this.metrics = metrics;
    }

    /** Opens the journal if a policy needs it now. Fails with a {@link ConfigException} when the folder cannot be had. */
    Future<Void> use(NodeSettings settings) {
        List<Problem> problems = settings.problems(node.vertx().isClustered());
        if (!problems.isEmpty()) {
            return Future.failedFuture(new ConfigException(problems));
        }
        Future<EngineJournal> known = journal;
        if (known != null) {
            return known.mapEmpty();
        }
        if (!EngineChoice.isNeeded(settings.policies())) {
            return Future.succeededFuture();
        }
        Future<EngineJournal> opening = open(settings.loaded());
        journal = opening;
        // A reload may try again. The failure may be here already, so what is returned is not read from the field.
        opening.onFailure(failure -> journal = null);
        return opening.mapEmpty();
    }

    /** After a reload: subscriptions follow the policies in force. */
    void adopt() {
        SubscriptionVerticle known = subscriptions;
        if (known != null) {
            known.adopt();
        }
    }

    /** How the subscriptions in force do on this node. Any thread. */
    List<SubscriptionState> subscriptions() {
        List<SubscriptionState> states = new ArrayList<>();
        node.authorizer().subscriptions().all().forEach((name, spec) -> {
            Tally tally = tallies.get(name);
            if (tally != null) {
                states.add(new SubscriptionState(
                        name,
                        spec.from(),
                        tally.owned(),
                        tally.lag(),
                        tally.inFlight(),
                        tally.deferred(),
                        tally.delivered(),
                        tally.deadLettered()));
            }
        });
        return states;
    }

    /** Where flows keep what they have done, once the journal is open; null when there is none or its engine cannot. */
    @Nullable
    FlowJournal flows() {
        return flows;
    }

    /** What follows events through the journal; null when there is none. */
    @Nullable
    Traces traces() {
        return traces;
    }

    /**
     * Says which flows are in force: what they have not read yet of their addresses is held, and nothing for any other. Until it is
     * said what any flow has not read is held. Any thread.
     *
     * @param inForce the journaled addresses that each flow reads, by its name
     */
    void flowsInForce(Map<String, Set<String>> inForce) {
        flowsInForce.set(Map.copyOf(inForce));
    }

    private Future<EngineJournal> open(LoadedConfig loaded) {
        return switch (EngineChoice.of(loaded, node.vertx().isClustered())) {
            case POSTGRESQL -> openPostgresql(loaded);
            case HAZELCAST -> openHazelcast(loaded);
            case SQLITE, AUTO -> openSqlite(loaded);
        };
    }

    private Future<EngineJournal> openHazelcast(LoadedConfig loaded) {
        HazelcastClusterManager manager = (HazelcastClusterManager) ((VertxInternal) node.vertx()).clusterManager();
        EngineRules rules = rules(loaded.config().journal());
        return node.vertx()
                .executeBlocking(() -> new HazelcastEngine(manager.getHazelcastInstance(), rules, node.clock()))
                .compose(engine -> start(loaded, engine));
    }

    private Future<EngineJournal> openSqlite(LoadedConfig loaded) {
        JournalConfig config = loaded.config().journal();
        Path path = loaded.resolve(config.path());
        return node.vertx()
                .executeBlocking(() -> DataFolder.take(path))
                .recover(failure -> Future.failedFuture(taken(loaded, failure)))
                .compose(taken -> {
                    folder = taken;
                    return start(loaded, new SqliteEngine(path, rules(config)));
                });
    }

    private Future<EngineJournal> openPostgresql(LoadedConfig loaded) {
        JournalConfig config = loaded.config().journal();
        return start(
                loaded,
                new PostgresEngine(
                        Objects.requireNonNull(config.uri(), "checked"),
                        config.schema(),
                        (int) config.timeout().toMillis(),
                        rules(config)));
    }

    private Future<EngineJournal> start(LoadedConfig loaded, Engine engine) {
        EngineJournal made =
                new EngineJournal(node.vertx(), engine, node.clock(), node.publisher()::announce, node.policies()::get);
        node.publisher().journal(made);
        traces = new EngineTraces(node.vertx(), engine, node.clock(), this::inForce);
        health.check("journal", made::trouble);
        JournalMetrics.show(made, metrics);
        return made.start()
                .recover(failure -> Future.failedFuture(refused(loaded, failure)))
                .onSuccess(started -> flows = made.keepsWork() ? new EngineFlows(made, node.clock(), node.id()) : null)
                .compose(started -> subscribe(made))
                .compose(subscribed -> delay(loaded.config().journal(), made))
                .map(made);
    }

    private InForce inForce() {
        return new InForce(node.authorizer().subscriptions().all(), flowsInForce.get());
    }

    private Future<?> subscribe(EngineJournal made) {
        if (!made.keepsWork()) {
            return Future.succeededFuture();
        }
        SubscriptionVerticle verticle = new SubscriptionVerticle(
                made,
                () -> node.authorizer().policies(),
                node.authorizer().subscriptions(),
                node.publisher(),
                node.clock(),
                node.id(),
                (name, tally) -> {
                    new SubscriptionMeters(metrics).bind(name, tally);
                    tallies.put(name, tally);
                });
        subscriptions = verticle;
        return node.vertx().deployVerticle(verticle);
    }

    private Future<?> delay(JournalConfig config, EngineJournal made) {
        if (!made.keepsWork()) {
            return Future.succeededFuture();
        }
        DelayedVerticle verticle = new DelayedVerticle(
                made,
                () -> node.authorizer().policies(),
                node.publisher(),
                node.clock(),
                node.id(),
                new DelayedDesk.Limits(config.maxDelay(), config.maxDelayed()),
                config.repeatWindow().toMillis());
        DelayedMeters.show(verticle.tally(), metrics);
        return node.vertx().deployVerticle(verticle);
    }

    private EngineRules rules(JournalConfig config) {
        return new EngineRules(
                config.repeatWindow().toMillis(),
                config.repeatEvents(),
                config.forget().toMillis(),
                this::keepOf,
                () -> node.authorizer().subscriptions().reads(),
                new Keep(
                        config.deadLetters().events(),
                        config.deadLetters().age().toMillis(),
                        0),
                flowsInForce::get);
    }

    private @Nullable Keep keepOf(String address) {
        Policies now = node.policies().get();
        return now == null ? null : now.of(address).map(Policy::keep).orElse(null);
    }

    private static ConfigException taken(LoadedConfig loaded, Throwable failure) {
        String message = FailureText.of(failure);
        return new ConfigException(List.of(new Problem(
                loaded.origins().at("journal.path"),
                "journal.path: " + message,
                (failure instanceof JournalException told && told.mend() != null ? told.mend() : "look at the disk")
                        + ", or give this one another folder with journal.path (WEIR_JOURNAL_PATH)")));
    }

    private static Throwable refused(LoadedConfig loaded, Throwable failure) {
        if (!(failure instanceof JournalException told) || told.mend() == null) {
            return failure;
        }
        String key =
                loaded.config().journal().engine() == JournalConfig.Engine.POSTGRESQL ? "journal.uri" : "journal.path";
        return new ConfigException(
                List.of(new Problem(loaded.origins().at(key), key + ": " + told.getMessage(), told.mend())));
    }

    /** Writes what waits and gives the folder back. */
    Future<Void> close() {
        Future<EngineJournal> open = journal;
        if (open == null) {
            return Future.succeededFuture();
        }
        Future<Void> searched = traces == null ? Future.succeededFuture() : traces.close();
        return searched.compose(closed -> open).compose(EngineJournal::stop).onComplete(stopped -> {
            if (folder != null) {
                folder.close();
            }
        });
    }
}
