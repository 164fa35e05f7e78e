package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.bus.Report;
import dev.weir.edge.LoopServices;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What nodes tell of themselves, whole, for viewers; what changes afterwards comes as events. Owned by its event loop. */
final class ReportRoute {
    private final LoopServices loop;

    ReportRoute(LoopServices loop) {
        this.loop = loop;
    }

    /** {@code GET /v1/reports/{topic}}: every node's part, those left out that do not answer. */
    void handle(RoutingContext routing) {
        Operators.requireViewer(loop, routing.request())
                .compose(who -> ask(routing.pathParam("topic")))
                .map(parts -> new JsonObject().put("node", loop.edge().nodeId()).put("nodes", new JsonArray(parts)))
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    private Future<List<JsonObject>> ask(String topic) {
        Report report = Report.of(topic)
                .orElseThrow(() -> new Refusal(
                        FailureCode.INVALID_PARAMETER,
                        "there is no report '" + topic + "', only "
                                + Arrays.stream(Report.values())
                                        .map(Report::topic)
                                        .collect(Collectors.joining(", "))));
        return loop.edge().cluster().ask(report.question(), new JsonObject());
    }
}
