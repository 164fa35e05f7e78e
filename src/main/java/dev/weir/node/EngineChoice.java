package dev.weir.node;

import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.config.JournalConfig;
import dev.weir.config.JournalConfig.Engine;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.flow.Flows;
import dev.weir.journal.hazelcast.RingLayout;
import dev.weir.journal.sql.PostgresEngine;
import java.util.ArrayList;
import java.util.List;

/** Which engine keeps a node's events, and whether it can keep what the policies ask for. Stateless. */
final class EngineChoice {
    private static final String MEND = "use PostgreSQL: journal: {engine: postgresql, uri: ...}";

    private EngineChoice() {}

    /** Whether a policy keeps anything. */
    static boolean isNeeded(Policies policies) {
        return policies.all().stream().anyMatch(policy -> policy.keep() != null);
    }

    /** The engine, never {@code AUTO}. */
    static Engine of(LoadedConfig loaded, boolean clustered) {
        Engine asked = loaded.config().journal().engine();
        return asked != Engine.AUTO ? asked : clustered ? Engine.HAZELCAST : Engine.SQLITE;
    }

    /** What the banner says. */
    static String describe(NodeSettings settings, boolean clustered) {
        if (!isNeeded(settings.policies())) {
            return "none, no address has keep";
        }
        return switch (of(settings.loaded(), clustered)) {
            case POSTGRESQL -> "postgresql, shared by all nodes, survives what the server survives";
            case HAZELCAST -> "hazelcast, in the memory of all nodes, survives one of them at a time";
            case SQLITE, AUTO -> "sqlite, survives power loss";
        };
    }

    /** Checks what only an engine understands. */
    static void check(LoadedConfig loaded, Problems problems) {
        String uri = loaded.config().journal().uri();
        if (uri == null) {
            return;
        }
        try {
            PostgresEngine.check(uri);
        } catch (IllegalArgumentException wrong) {
            problems.add(
                    loaded.origins().at("journal.uri"),
                    "journal.uri: " + wrong.getMessage(),
                    "write it like postgresql://weir:secret@db:5432/weir; in names and passwords / is %2F and @ is %40");
        }
    }

    /** What keeps a node from starting, alone or in a cluster. */
    static List<Problem> problems(LoadedConfig loaded, Policies policies, Flows flows, boolean clustered) {
        JournalConfig journal = loaded.config().journal();
        Location at = loaded.origins().at("journal.engine");
        if (clustered && journal.engine() == Engine.SQLITE) {
            return List.of(new Problem(
                    at,
                    "with --cluster, addresses with keep need an engine that several nodes share; sqlite is one node's file",
                    "leave engine out (hazelcast, in the memory of the nodes), write journal: {engine: postgresql,"
                            + " uri: ...}, or run without --cluster"));
        }
        if (!clustered && journal.engine() == Engine.HAZELCAST) {
            return List.of(new Problem(
                    at,
                    "journal.engine is hazelcast, the memory of several nodes, and this node is alone",
                    "run with --cluster, or leave engine out for sqlite"));
        }
        return of(loaded, clustered) == Engine.HAZELCAST ? ofHazelcast(policies, flows) : List.of();
    }

    private static List<Problem> ofHazelcast(Policies policies, Flows flows) {
        List<Problem> problems = new ArrayList<>();
        for (Policy policy : policies.all()) {
            Keep keep = policy.keep();
            if (keep != null && keep.latest()) {
                problems.add(new Problem(
                        policy.at(),
                        "keep: latest of " + policy.match()
                                + " cannot be kept by hazelcast, the engine of this cluster",
                        MEND));
            } else if (keep != null && keep.events() > RingLayout.MOST_EVENTS) {
                problems.add(new Problem(
                        policy.at(),
                        "keep of " + policy.match() + " needs events, at most " + RingLayout.MOST_EVENTS
                                + ", with hazelcast, the engine of this cluster: it keeps them in memory",
                        "write it as in keep: {events: 10000, age: 7d}; or " + MEND));
            }
        }
        policies.subscriptions()
                .values()
                .forEach(each -> problems.add(new Problem(
                        each.at(),
                        "subscription " + each.name() + " cannot be kept by hazelcast, the engine of this cluster",
                        MEND)));
        flows.needing(policies)
                .forEach(each -> problems.add(new Problem(
                        each.at(),
                        "flow " + each.flow() + " reads " + each.address()
                                + ", which has keep, and what it does cannot be kept by hazelcast, the engine of this cluster",
                        MEND + "; or add if-not-kept: skip to the flow, which leaves it out in such a cluster")));
        return problems;
    }
}
