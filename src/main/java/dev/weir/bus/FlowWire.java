package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How the nodes that work on a flow are asked about it, on {@link Addresses#ofFlow}: a request {@code {v, op, ...}} and its reply. The
 * version is there for nodes of different versions in a cluster; fields that are not known are ignored.
 *
 * <ul>
 *   <li>{@code replay {ids, rate, data}}: dead letters wait at their stages again: {@code {replayed, left: [id]}}, where those of
 *       partitions that are another node's are left
 * </ul>
 */
public final class FlowWire {
    private static final int VERSION = 1;
    private static final String OPERATION = "op";
    private static final String REPLAY = "replay";
    private static final String DATA = "data";
    private static final long ANSWER_MILLIS = 10_000;

    /** Requests go to one node after the other, so that with this many each of a large cluster gets its own. */
    private static final int MOST_REQUESTS = 16;

    private final Vertx vertx;

    /** Asks over this bus. Thread-safe; answers come on the caller's context. */
    public FlowWire(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Answers for a flow's partitions on this node, on the caller's context, until the consumer is unregistered.
     *
     * @param replay lets dead letters wait again; its failure is the answer when it is a {@link Refusal}
     */
    public MessageConsumer<JsonObject> serve(
            String flow, Function<FlowJournal.Replay, Future<FlowJournal.Replayed>> replay) {
        return vertx.eventBus().consumer(Addresses.ofFlow(flow), message -> answer(message.body(), replay)
                .onSuccess(message::reply)
                .onFailure(failure -> refuse(message, failure)));
    }

    private static Future<JsonObject> answer(
            JsonObject asked, Function<FlowJournal.Replay, Future<FlowJournal.Replayed>> replay) {
        if (!REPLAY.equals(asked.getString(OPERATION))) {
            return Future.failedFuture(new Refusal(
                    FailureCode.INVALID_PARAMETER,
                    "no operation '" + asked.getString(OPERATION) + "' in this version"));
        }
        List<String> ids = asked.getJsonArray("ids", new JsonArray()).stream()
                .map(String::valueOf)
                .toList();
        FlowJournal.Replay wanted = new FlowJournal.Replay(
                ids, asked.getDouble("rate", 0.0), asked.containsKey(DATA), asked.getValue(DATA));
        return replay.apply(wanted)
                .map(done ->
                        new JsonObject().put("replayed", done.parked().size()).put("left", new JsonArray(done.left())));
    }

    private static void refuse(Message<?> message, Throwable failure) {
        FailureCode code = failure instanceof Refusal refusal ? refusal.code() : FailureCode.UNAVAILABLE;
        message.fail(code.number(), String.valueOf(failure.getMessage()));
    }

    /**
     * Lets dead letters of a flow wait at their stages again, on whichever nodes have their partitions.
     *
     * @return how many of them; fails with {@link Refusal} when it is none because nobody works on the flow, or who does refused
     */
    public Future<Integer> replay(String flow, FlowJournal.Replay replay) {
        return replay(flow, replay, 0, 1);
    }

    private Future<Integer> replay(String flow, FlowJournal.Replay replay, int before, int request) {
        JsonObject body = new JsonObject()
                .put("v", VERSION)
                .put(OPERATION, REPLAY)
                .put("ids", new JsonArray(new ArrayList<>(replay.ids())))
                .put("rate", replay.rate());
        if (replay.edited()) {
            body.put(DATA, replay.data());
        }
        return vertx.eventBus()
                .<JsonObject>request(Addresses.ofFlow(flow), body, new DeliveryOptions().setSendTimeout(ANSWER_MILLIS))
                .map(Message::body)
                .compose(
                        answer -> {
                            int replayed = before + answer.getInteger("replayed", 0);
                            List<String> left = answer.getJsonArray("left", new JsonArray()).stream()
                                    .map(String::valueOf)
                                    .toList();
                            return left.isEmpty() || request == MOST_REQUESTS
                                    ? Future.succeededFuture(replayed)
                                    : replay(
                                            flow,
                                            new FlowJournal.Replay(left, replay.rate(), replay.edited(), replay.data()),
                                            replayed,
                                            request + 1);
                        },
                        failure -> before > 0
                                ? Future.succeededFuture(before)
                                : Future.failedFuture(explain(flow, failure)));
    }

    private static Throwable explain(String flow, Throwable failure) {
        if (!(failure instanceof ReplyException reply)) {
            return failure;
        }
        return switch (reply.failureType()) {
            case RECIPIENT_FAILURE ->
                new Refusal(
                        FailureCode.ofNumber(reply.failureCode()).orElse(FailureCode.UNAVAILABLE),
                        String.valueOf(reply.getMessage()));
            case TIMEOUT -> new Refusal(FailureCode.TIMEOUT);
            default -> new Refusal(FailureCode.UNAVAILABLE, "no node works on the flow '" + flow + "' now");
        };
    }
}
