package dev.weir.node;

import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.config.ConfigException;
import dev.weir.config.JournalConfig;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.journal.DataFolder;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.JournalException;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.observe.Health;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's journal: there from the moment a policy keeps something, so that a node that keeps nothing touches no file. Owned by
 * the node verticle's event loop.
 */
final class NodeJournal {
    private static final Logger LOG = LoggerFactory.getLogger(NodeJournal.class);

    private final Node node;
    private final Health health;
    private final MeterRegistry metrics;
    private @Nullable Future<EngineJournal> journal;
    private @Nullable DataFolder folder;

    NodeJournal(Node node, Health health, MeterRegistry metrics) {
        this.node = node;
        this.health = health;
        this.metrics = metrics;
    }

    /** Whether a policy keeps anything. */
    static boolean isNeeded(Policies policies) {
        return policies.all().stream().anyMatch(policy -> policy.keep() != null);
    }

    /** What the banner says. */
    static String describe(Policies policies) {
        return isNeeded(policies) ? "sqlite, survives power loss" : "none, no address has keep";
    }

    /** What keeps a clustered node from starting, if anything does. */
    static Optional<Problem> inCluster(LoadedConfig loaded, Policies policies) {
        boolean asked = loaded.config().journal().engine() == JournalConfig.Engine.SQLITE;
        if (!asked && !isNeeded(policies)) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                asked ? loaded.origins().at("journal.engine") : new Location("addresses", 0),
                "with --cluster, addresses with keep need an engine that several nodes share; sqlite is one node's file,"
                        + " and this version has no other",
                "run without --cluster, or remove keep; postgresql will be the engine for clusters"));
    }

    /** Opens the journal if a policy needs it now. Fails with a {@link ConfigException} when the folder cannot be had. */
    Future<Void> use(NodeSettings settings) {
        Future<EngineJournal> known = journal;
        if (known != null) {
            return known.mapEmpty();
        }
        if (!isNeeded(settings.policies())) {
            return Future.succeededFuture();
        }
        Future<EngineJournal> opening = open(settings.loaded());
        journal = opening;
        // A reload may try again. The failure may be here already, so what is returned is not read from the field.
        opening.onFailure(failure -> journal = null);
        return opening.mapEmpty();
    }

    /** After a reload: what cannot be kept is said, since the policies are in force already. */
    void adopt(NodeSettings settings) {
        use(settings).onFailure(failure -> LOG.error("events cannot be kept: {}", failure.getMessage()));
    }

    private Future<EngineJournal> open(LoadedConfig loaded) {
        JournalConfig config = loaded.config().journal();
        Path path = loaded.resolve(config.path());
        return node.vertx()
                .executeBlocking(() -> DataFolder.take(path))
                .recover(failure -> Future.failedFuture(refused(loaded, failure)))
                .compose(taken -> {
                    folder = taken;
                    long window = config.repeatWindow().toMillis();
                    EngineJournal made = new EngineJournal(
                            node.vertx(),
                            new SqliteEngine(path, window, config.repeatEvents(), this::keepOf),
                            node.clock(),
                            node.publisher()::announce);
                    node.publisher().journal(made);
                    health.check("journal", made::trouble);
                    Gauge.builder("weir_journal_waiting_bytes", made, EngineJournal::waitingBytes)
                            .description("Bytes waiting to be kept")
                            .register(metrics);
                    return made.start().map(made);
                });
    }

    private @Nullable Keep keepOf(String address) {
        Policies now = node.policies().get();
        return now == null ? null : now.of(address).map(Policy::keep).orElse(null);
    }

    private static ConfigException refused(LoadedConfig loaded, Throwable failure) {
        String message = failure instanceof JournalException ? failure.getMessage() : failure.toString();
        return new ConfigException(List.of(new Problem(
                loaded.origins().at("journal.path"),
                "journal.path: " + message,
                "stop that process, or give this one another folder with journal.path (WEIR_JOURNAL_PATH)")));
    }

    /** Writes what waits and gives the folder back. */
    Future<Void> close() {
        Future<EngineJournal> open = journal;
        if (open == null) {
            return Future.succeededFuture();
        }
        return open.compose(EngineJournal::stop).onComplete(stopped -> {
            if (folder != null) {
                folder.close();
            }
        });
    }
}
