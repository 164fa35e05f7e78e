package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Sessions and the cluster for viewers, closing and reloading for operators. Owned by its event loop. */
final class OperatorRoutes {
    private final LoopServices loop;
    private final Supplier<Future<JsonObject>> reload;

    OperatorRoutes(LoopServices loop, Supplier<Future<JsonObject>> reload) {
        this.loop = loop;
        this.reload = reload;
    }

    /** {@code GET /v1/sessions}. */
    void sessions(RoutingContext routing) {
        Operators.requireViewer(loop, routing.request())
                .compose(who -> ask(LocalAnswers.SESSIONS, filter(routing)))
                .map(OperatorRoutes::allSessions)
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** {@code DELETE /v1/sessions/{id}}. */
    void closeSession(RoutingContext routing) {
        close(routing, new JsonObject().put("id", routing.pathParam("id")))
                .onSuccess(closed -> {
                    if (closed == 0) {
                        routing.fail(404);
                    } else {
                        routing.json(new JsonObject().put("closed", closed));
                    }
                })
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** {@code DELETE /v1/sessions?sub=}: all sessions of one subject. */
    void closeSessions(RoutingContext routing) {
        close(routing, filter(routing))
                .onSuccess(closed -> routing.json(new JsonObject().put("closed", closed)))
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** {@code GET /v1/cluster}. */
    void cluster(RoutingContext routing) {
        Operators.requireViewer(loop, routing.request())
                .compose(who -> ask(LocalAnswers.SESSIONS, new JsonObject()))
                .map(this::nodes)
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** {@code POST /v1/config/reload}. */
    void reload(RoutingContext routing) {
        JsonObject what = new JsonObject();
        // Nothing is wanted of the body but that it ends.
        Bodies.read(routing.request(), loop)
                .compose(ended -> Operators.act(loop, routing.request(), "config.reloaded", what, who -> reload.get()
                        .onSuccess(what::mergeIn)))
                .onSuccess(routing::json)
                .onFailure(failure -> ConfigProblems.answer(routing, "the configuration", failure));
    }

    private Future<List<JsonObject>> ask(String question, JsonObject parameters) {
        return loop.edge().cluster().ask(question, parameters);
    }

    private static JsonObject filter(RoutingContext routing) {
        JsonObject filter = new JsonObject();
        String sub = routing.request().getParam("sub");
        return sub == null ? filter : filter.put("sub", sub);
    }

    private Future<Integer> close(RoutingContext routing, JsonObject which) {
        JsonObject what = which.copy();
        return Operators.act(loop, routing.request(), "sessions.closed", what, who -> {
            if (which.isEmpty()) {
                throw new Refusal(
                        FailureCode.INVALID_PARAMETER, "say whose sessions: ?sub=NAME, or name one in the path");
            }
            return ask(LocalAnswers.CLOSE_SESSIONS, which).map(parts -> {
                int closed = parts.stream()
                        .mapToInt(part -> part.getInteger("closed", 0))
                        .sum();
                what.put("closed", closed);
                return closed;
            });
        });
    }

    private static JsonObject allSessions(List<JsonObject> parts) {
        JsonArray sessions = new JsonArray();
        for (JsonObject part : parts) {
            for (Object session : part.getJsonArray("sessions", new JsonArray())) {
                if (session instanceof JsonObject described) {
                    sessions.add(described.copy().put("node", part.getString("node")));
                }
            }
        }
        return new JsonObject().put("sessions", sessions);
    }

    private JsonObject nodes(List<JsonObject> parts) {
        Map<String, Integer> sessions = new TreeMap<>();
        for (JsonObject part : parts) {
            int open = part.getJsonArray("sessions", new JsonArray()).size();
            sessions.merge(part.getString("node"), open, Integer::sum);
        }
        JsonArray nodes = new JsonArray();
        sessions.forEach((id, open) -> nodes.add(new JsonObject()
                .put("id", id)
                .put("self", id.equals(loop.edge().nodeId()))
                .put("sessions", open)));
        return new JsonObject().put("nodes", nodes);
    }
}
