package dev.weir.node;

import dev.weir.bus.Addresses;
import dev.weir.bus.ClusterQuery;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Listeners;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.LogSource;
import dev.weir.bus.LogWire;
import dev.weir.bus.Origin;
import dev.weir.bus.PresenceWire;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.bus.Roster;
import dev.weir.bus.Wire;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves emitters: answers their questions, also those of members of the cluster that are no nodes, and takes the events of the
 * latter, so that policies and journal hold for them too. Members trust each other. Owned by the node's context.
 */
final class NodeDesk {
    private static final Logger LOG = LoggerFactory.getLogger(NodeDesk.class);
    private static final Origin MEMBER = Origin.node("verticles");

    private final Node node;
    private final ClusterQuery cluster;

    NodeDesk(Node node, ClusterQuery cluster) {
        this.node = node;
        this.cluster = cluster;
    }

    /** Begins to serve. */
    Future<Void> start() {
        Future<Void> entry = node.vertx()
                .eventBus()
                .consumer(Addresses.ENTRY_PREFIX + node.id(), this::take)
                .completion();
        Future<Void> presence = node.vertx()
                .eventBus()
                .<JsonObject>consumer(Addresses.DESK_PREFIX + node.id(), this::presence)
                .completion();
        return Future.join(entry, presence).compose(taking -> node.vertx()
                .eventBus()
                .<JsonObject>consumer(Addresses.DESK, this::answer)
                .completion());
    }

    private void answer(Message<JsonObject> question) {
        String address = question.body().getString("address", "");
        try {
            if (LogWire.isAsked(question.body().getString("ask", ""))) {
                LogWire.answer(question, () -> LogSource.in(node.publisher(), address))
                        .onFailure(failure -> fail(question, failure));
                return;
            }
            Future<JsonObject> answer =
                    switch (question.body().getString("ask", "")) {
                        case "node" -> Future.succeededFuture(new JsonObject());
                        case "declared" -> declared(address);
                        case "listeners" -> listeners(address);
                        case "cancel" -> cancel(address, question.body().getString("id", ""));
                        default -> throw new Refusal(FailureCode.INVALID_TYPE, "this node does not know the question");
                    };
            answer.onSuccess(known -> question.reply(known.put("node", node.id())))
                    .onFailure(failure -> fail(question, failure));
        } catch (Refusal refusal) {
            fail(question, refusal);
        }
    }

    private void presence(Message<JsonObject> question) {
        Roster roster = Roster.of(node.vertx());
        if (roster == null) {
            fail(question, new Refusal(FailureCode.UNAVAILABLE, "this node is about to start"));
        } else {
            new PresenceWire(roster, node.timers(), node.vertx().getOrCreateContext(), question).answer();
        }
    }

    private Future<JsonObject> declared(String address) {
        node.authorizer().policyOf(address);
        if (Addresses.isPattern(address)) {
            node.publisher().serves(address);
        }
        return Future.succeededFuture(
                new JsonObject().put("keeps", node.publisher().keepOf(address) != null));
    }

    private Future<JsonObject> cancel(String address, String id) {
        return node.publisher().delayed().cancel(MEMBER, address, id).map(done -> new JsonObject());
    }

    private Future<JsonObject> listeners(String address) {
        node.authorizer().policyOf(address);
        return cluster.ask(LocalAnswers.LISTENERS, new JsonObject().put("address", address))
                .map(Listeners::byAddress)
                .map(found -> Listeners.describe(
                        address, found.getOrDefault(address, Collections.unmodifiableSortedMap(new TreeMap<>()))));
    }

    private void take(Message<Object> event) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(event.headers());
        String address = String.valueOf(headers.get(Wire.ADDRESS));
        headers.remove(Wire.ADDRESS);
        // The size is not known before it is encoded, so the publisher measures where a policy wants it.
        node.publisher()
                .publish(MEMBER, address, headers, event.body(), Integer.MAX_VALUE)
                .onSuccess(receipt -> event.reply(describe(receipt)))
                .onFailure(failure -> fail(event, failure));
    }

    private static JsonObject describe(Receipt receipt) {
        return receipt.toJson().put("repeated", receipt.repeated());
    }

    private static void fail(Message<?> asked, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            asked.fail(refusal.code().number(), refusal.getMessage());
        } else {
            LOG.error("a member's {} failed", asked.address(), failure);
            asked.fail(FailureCode.UNAVAILABLE.number(), FailureCode.UNAVAILABLE.meaning());
        }
    }
}
