package dev.weir.node;

import dev.weir.bus.Addresses;
import dev.weir.bus.ClusterQuery;
import dev.weir.bus.LocalAnswers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Answers other nodes' questions about this one, and asks them. */
final class NodeAgent implements ClusterQuery {
    private static final long TIMEOUT_MILLIS = 3_000;

    private final Vertx vertx;
    private final Node node;
    private final ClusterMembers members;

    /** @param members all of the cluster, also those that are no nodes and so have no agent */
    NodeAgent(Node node, ClusterMembers members) {
        this.vertx = node.vertx();
        this.node = node;
        this.members = members;
    }

    /** Begins to answer. */
    Future<Void> start() {
        return vertx.eventBus()
                .<JsonObject>consumer(Addresses.AGENT_PREFIX + node.id(), this::answer)
                .completion();
    }

    private void answer(Message<JsonObject> message) {
        JsonObject question = message.body();
        ask(node.answers(), question)
                .onSuccess(message::reply)
                .onFailure(failure -> message.fail(1, String.valueOf(failure.getMessage())));
    }

    private Future<JsonObject> ask(LocalAnswers answers, JsonObject question) {
        return answers.ask(question.getString("question"), question.getJsonObject("parameters", new JsonObject()))
                .map(parts -> new JsonObject().put("node", node.id()).put("parts", new JsonArray(parts)));
    }

    @Override
    public Future<List<JsonObject>> ask(String question, JsonObject parameters) {
        JsonObject body = new JsonObject().put("question", question).put("parameters", parameters);
        List<Future<JsonObject>> asked = new ArrayList<>();
        for (String member : members.ids(node.id())) {
            asked.add(
                    member.equals(node.id())
                            ? ask(node.answers(), body)
                            : askOther(member, body, TIMEOUT_MILLIS)
                                    .recover(failure -> inPlaceOf(member, question, parameters, failure)));
        }
        return Future.join(asked).otherwiseEmpty().map(done -> asked.stream()
                .filter(Future::succeeded)
                .flatMap(answer -> parts(answer.result()))
                .toList());
    }

    /** A member that is no node cannot say who listens there, but everybody can see what it has registered. */
    private Future<JsonObject> inPlaceOf(String member, String question, JsonObject parameters, Throwable failure) {
        boolean isNoNode = failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
        if (!isNoNode || !question.equals(LocalAnswers.LISTENERS)) {
            return Future.failedFuture(failure);
        }
        JsonObject part =
                new JsonObject().put("consumers", members.consumersOf(member, parameters.getString("address")));
        return Future.succeededFuture(new JsonObject().put("node", member).put("parts", new JsonArray().add(part)));
    }

    /** Tells all other nodes something; succeeds when each has answered, failed or let the time pass. */
    Future<Void> tell(String question, JsonObject parameters, long timeoutMillis) {
        JsonObject body = new JsonObject().put("question", question).put("parameters", parameters);
        List<Future<JsonObject>> told = members.ids(node.id()).stream()
                .filter(member -> !member.equals(node.id()))
                .map(member -> askOther(member, body, timeoutMillis))
                .toList();
        return Future.join(told).otherwiseEmpty().mapEmpty();
    }

    private Future<JsonObject> askOther(String member, JsonObject body, long timeoutMillis) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(timeoutMillis);
        return vertx.eventBus()
                .<JsonObject>request(Addresses.AGENT_PREFIX + member, body, options)
                .map(Message::body);
    }

    private static java.util.stream.Stream<JsonObject> parts(JsonObject answer) {
        return answer.getJsonArray("parts", new JsonArray()).stream()
                .filter(JsonObject.class::isInstance)
                .map(part -> ((JsonObject) part).put("node", answer.getString("node")));
    }
}
