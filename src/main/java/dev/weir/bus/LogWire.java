package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/**
 * How a member of the cluster that is no node reads logs: it asks any node, on {@link Addresses#DESK}, and when that one does not
 * answer, another. Reading changes nothing, so asking twice does no harm. Thread-safe.
 *
 * <ul>
 *   <li>{@code head {address}}, {@code lately {address}}: {@code {epoch, head, floor}}
 *   <li>{@code read {address, from, limit}}: a {@link Kept} in its own codec
 * </ul>
 */
public final class LogWire {
    /** Asks for the ends of a log. */
    public static final String HEAD = "head";

    /** Asks for the ends as they were lately. */
    public static final String LATELY = "lately";

    /** Asks for what follows an offset. */
    public static final String READ = "read";

    private static final DeliveryOptions KEPT = new DeliveryOptions().setCodecName(KeptCodec.NAME);

    private final AnyNode nodes;

    /** Asks over this bus. */
    public LogWire(Vertx vertx) {
        this.nodes = new AnyNode(vertx);
        KeptCodec.register(vertx);
    }

    /** The log of an address, wherever it is kept. */
    public LogSource log(String address) {
        return new LogSource() {
            @Override
            public Future<Head> head() {
                return nodes.ask(AnyNode.question(HEAD, address)).map(LogWire::head);
            }

            @Override
            public Future<Head> lately() {
                return nodes.askOnce(AnyNode.question(LATELY, address)).map(LogWire::head);
            }

            @Override
            public Future<Kept> read(long from, int limit) {
                JsonObject asked = AnyNode.question(READ, address).put("from", from);
                return nodes.ask(asked.put("limit", limit)).map(Kept.class::cast);
            }
        };
    }

    private static Head head(Object answer) {
        JsonObject json = (JsonObject) answer;
        return new Head(json.getString("epoch"), json.getLong("head"), json.getLong("floor"));
    }

    /** Whether a question is one of these. */
    public static boolean isAsked(String question) {
        return question.equals(HEAD) || question.equals(LATELY) || question.equals(READ);
    }

    /**
     * A node's answer.
     *
     * @param log finds the log, or throws a {@link Refusal}
     * @return completes when it is sent, fails when it is not
     */
    public static Future<Void> answer(Message<JsonObject> asked, Supplier<LogSource> log) {
        JsonObject question = asked.body();
        return switch (question.getString("ask", "")) {
            case HEAD -> log.get().head().compose(head -> reply(asked, head));
            case LATELY -> log.get().lately().compose(head -> reply(asked, head));
            default -> {
                int limit = Math.min(question.getInteger("limit", 1), LogSource.MOST_READ);
                yield log.get().read(question.getLong("from", 0L), limit).compose(kept -> {
                    asked.reply(kept, KEPT);
                    return Future.succeededFuture();
                });
            }
        };
    }

    private static Future<Void> reply(Message<JsonObject> asked, Head head) {
        asked.reply(new JsonObject()
                .put("epoch", head.epoch())
                .put("head", head.head())
                .put("floor", head.floor()));
        return Future.succeededFuture();
    }
}
