package dev.weir.node;

import dev.weir.bus.Report;
import dev.weir.flow.DryRuns;
import dev.weir.flow.FlowMeters;
import dev.weir.flow.FlowReport;
import dev.weir.flow.FlowServices;
import dev.weir.flow.Flows;
import dev.weir.flow.FlowsVerticle;
import dev.weir.observe.Reports;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The node's flows: there from the moment a file declares one. Owned by the node verticle's event loop. */
final class NodeFlows {
    private static final Duration TOLD = Duration.ofSeconds(2);

    private final Node node;
    private final NodeJournal journal;
    private final FlowReport report;
    private final FlowServices services;
    private final DryRuns dryRuns;
    private @Nullable FlowsVerticle verticle;
    private Future<Void> changing = Future.succeededFuture();

    NodeFlows(
            Node node, NodeAgent agent, ClusterMembers members, NodeJournal journal, MeterRegistry metrics, Path home) {
        this.node = node;
        this.journal = journal;
        this.report = new FlowReport(node.clock());
        this.services = new FlowServices(
                node.vertx(),
                node.id(),
                () -> members.nodes(node.id()),
                node.clock(),
                node.publisher(),
                node.authorizer(),
                node.counters(),
                journal::flows,
                node.answers(),
                agent,
                new Meters(metrics),
                report,
                node.accesses(),
                home);
        this.dryRuns = new DryRuns(services, () -> FlowFiles.vocabulary(home), node.flows()::get);
    }

    /** The metrics of flows and stages, by their names. */
    private record Meters(MeterRegistry metrics) implements FlowMeters {
        @Override
        public void counter(String name, String what, String flow, @Nullable String stage, LongSupplier value) {
            // It refers to what it is of weakly, and nobody else has the supplier.
            FunctionCounter.builder(name, metrics, registry -> value.getAsLong())
                    .description(what)
                    .tags(tags(flow, stage))
                    .register(metrics);
        }

        @Override
        public void gauge(String name, String what, String flow, @Nullable String stage, LongSupplier value) {
            Gauge.builder(name, value, LongSupplier::getAsLong)
                    .description(what)
                    .strongReference(true)
                    .tags(tags(flow, stage))
                    .register(metrics);
        }

        private static Tags tags(String flow, @Nullable String stage) {
            Tags tags = Tags.of("flow", flow);
            return stage == null ? tags : tags.and("stage", stage);
        }
    }

    /** Shows those who look on how they are doing. */
    void report(Reports reports) {
        reports.add(Report.FLOWS, TOLD, report::news, report::whole);
    }

    /** Begins to answer those who want to try flows. */
    Future<Void> serve() {
        return dryRuns.serve();
    }

    /** Puts flows in force, one change after the other. */
    Future<Void> use(Flows flows) {
        node.flows().set(flows);
        journal.flowsInForce(flows.reads());
        changing = changing.otherwiseEmpty().compose(before -> follow(flows));
        return changing;
    }

    private Future<Void> follow(Flows flows) {
        FlowsVerticle known = verticle;
        if (known != null) {
            return known.use(flows);
        }
        if (flows.isEmpty()) {
            return Future.succeededFuture();
        }
        FlowsVerticle made = new FlowsVerticle(flows, services);
        verticle = made;
        return node.vertx().deployVerticle(made).mapEmpty();
    }
}
