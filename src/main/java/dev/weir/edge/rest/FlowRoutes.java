package dev.weir.edge.rest;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How flows are doing, over all nodes, for viewers; pausing and trying them, for operators. Owned by its event loop. */
final class FlowRoutes {
    /** Longer than a node takes for one. */
    private static final long DRY_RUN_MILLIS = 40_000;

    private final LoopServices loop;

    FlowRoutes(LoopServices loop) {
        this.loop = loop;
    }

    /** {@code GET /v1/flows}. */
    void list(RoutingContext routing) {
        Operators.requireViewer(loop, routing.request())
                .compose(who -> ask(new JsonObject()))
                .map(flows -> new JsonObject().put("flows", new JsonArray(List.copyOf(flows.values()))))
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** {@code GET /v1/flows/{name}}: with its file and its graph. */
    void one(RoutingContext routing) {
        Operators.requireViewer(loop, routing.request())
                .compose(who -> named(routing))
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** {@code POST /v1/flows/{name}/pause}. */
    void pause(RoutingContext routing) {
        change(routing, "pause");
    }

    /** {@code POST /v1/flows/{name}/resume}: also one that stopped by itself. */
    void resume(RoutingContext routing) {
        change(routing, "resume");
    }

    private void change(RoutingContext routing, String op) {
        JsonObject what = new JsonObject().put("flow", routing.pathParam("flow"));
        // Nothing is wanted of the body but that it ends.
        Bodies.read(routing.request(), loop)
                .compose(ended -> Operators.act(loop, routing.request(), "flow." + op + "d", what, who -> named(routing)
                        .map(flow -> {
                            JsonObject order =
                                    new JsonObject().put("v", 1).put("op", op).mergeIn(what);
                            loop.vertx().eventBus().publish(Addresses.FLOWS, order);
                            return order;
                        })))
                .onSuccess(order -> routing.response().setStatusCode(202).end())
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** {@code POST /v1/flows/dry-run}: lets a candidate go through what is kept, without any effect. */
    void dryRun(RoutingContext routing) {
        JsonObject what = new JsonObject();
        Bodies.read(routing.request(), loop)
                .compose(
                        text -> Operators.act(loop, routing.request(), "flow.dry-run", what, who -> tried(routing, text)
                                .onSuccess(answer -> what.put("flow", answer.getString("flow"))
                                        .put("read", answer.getValue("read")))))
                .onSuccess(routing::json)
                .onFailure(failure -> ConfigProblems.answer(routing, "the flow", failure));
    }

    private Future<JsonObject> tried(RoutingContext routing, Buffer text) {
        JsonObject asked = new JsonObject().put("text", text.toString());
        for (String name : List.of("file", "since", "until", "limit", "show", "compare")) {
            String value = routing.request().getParam(name);
            if (value != null) {
                asked.put(name, value);
            }
        }
        DeliveryOptions options = new DeliveryOptions().setLocalOnly(true).setSendTimeout(DRY_RUN_MILLIS);
        Refusal none = new Refusal(FailureCode.UNAVAILABLE, "the node is still starting");
        return Desks.ask(loop.vertx().eventBus(), Addresses.DRY_RUNS, asked, options, none)
                .map(answer -> {
                    JsonArray problems = answer.getJsonArray("problems");
                    if (problems != null) {
                        throw ConfigProblems.of(problems);
                    }
                    return answer;
                });
    }

    private Future<JsonObject> named(RoutingContext routing) {
        String name = routing.pathParam("flow");
        return ask(new JsonObject().put("flow", name)).map(flows -> {
            JsonObject found = flows.get(name);
            if (found == null) {
                throw new Refusal(FailureCode.NOT_FOUND, "there is no flow '" + name + "'");
            }
            return found;
        });
    }

    /** Each flow with what each node says of it. */
    private Future<Map<String, JsonObject>> ask(JsonObject parameters) {
        return loop.edge().cluster().ask(LocalAnswers.FLOWS, parameters).map(parts -> {
            Map<String, JsonObject> flows = new TreeMap<>();
            for (JsonObject part : parts) {
                for (Object each : part.getJsonArray("flows", new JsonArray())) {
                    if (each instanceof JsonObject told) {
                        add(flows, told.copy(), part.getString("node"));
                    }
                }
            }
            return flows;
        });
    }

    private static void add(Map<String, JsonObject> flows, JsonObject told, String node) {
        JsonObject flow = flows.computeIfAbsent(told.getString("flow"), name -> {
            JsonObject made = new JsonObject().put("flow", name);
            for (String common : List.of("digest", "kept", "spread", "file", "text", "graph")) {
                if (told.containsKey(common)) {
                    made.put(common, told.getValue(common));
                }
            }
            return made.put("nodes", new JsonArray());
        });
        List.of("flow", "digest", "kept", "spread", "file", "text", "graph").forEach(told::remove);
        flow.getJsonArray("nodes").add(told.put("node", node));
    }
}
