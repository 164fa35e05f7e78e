package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Questions about one node that several of its verticles answer together, such as which sessions are open. Each verticle
 * answers on its own event loop, over a local address. Thread-safe.
 */
public final class LocalAnswers {
    /** Which sessions are open. */
    public static final String SESSIONS = "sessions";

    /** How many listeners each address has, or the one in {@code address}. */
    public static final String LISTENERS = "listeners";

    /** How the flows are doing, or the one in {@code flow}. */
    public static final String FLOWS = "flows";

    /** Open, change or close a tap, or say which there are. */
    public static final String TAPS = "taps";

    /**
     * What was recorded of sampled events: of an {@code event}, of all with a {@code correlation} or of a {@code trace}, by its id. Each
     * of the {@code spans} has {@code event, correlation, trace, span, parent, node, kind, name, at} (milliseconds since 1970), {@code
     * micros}, {@code detail} and, where it failed, {@code error}; the newest 500.
     */
    public static final String SPANS = "spans";

    /** Which tokens of the console were given back before they expired. */
    public static final String ENDED_TOKENS = "ended-tokens";

    /** Use up a {@code code} by which the first operator signs in, if it is this node's. */
    public static final String CONSOLE_CODE = "console-code";

    /** Close the sessions of an id or a subject. */
    public static final String CLOSE_SESSIONS = "close-sessions";

    /** Look at the rights of all open sessions again. */
    public static final String RECHECK = "recheck";

    private static final long TIMEOUT_MILLIS = 3_000;

    private final Vertx vertx;
    private final Ids ids = new Ids();
    private final Map<String, List<String>> parts = new ConcurrentHashMap<>();

    /** No answers yet. */
    public LocalAnswers(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Adds a part of the answer, computed on the caller's event loop. */
    public void answer(String question, Function<JsonObject, JsonObject> part) {
        listen(question, message -> message.reply(part.apply(message.body())));
    }

    /** Adds a part of the answer that takes a moment; begun on the caller's event loop. One that fails is left out. */
    public void answerLater(String question, Function<JsonObject, Future<JsonObject>> part) {
        listen(question, message -> part.apply(message.body())
                .onSuccess(message::reply)
                .onFailure(failure -> message.fail(1, String.valueOf(failure.getMessage()))));
    }

    private void listen(String question, Handler<Message<JsonObject>> part) {
        String address = Addresses.LOCAL_PREFIX + question + "." + ids.next();
        vertx.eventBus().<JsonObject>localConsumer(address, part);
        parts.computeIfAbsent(question, key -> new CopyOnWriteArrayList<>()).add(address);
    }

    /** All parts of the answer; a part that does not come in time is left out. */
    public Future<List<JsonObject>> ask(String question, JsonObject parameters) {
        List<Future<Message<JsonObject>>> asked = new ArrayList<>();
        DeliveryOptions options = new DeliveryOptions().setLocalOnly(true).setSendTimeout(TIMEOUT_MILLIS);
        for (String address : parts.getOrDefault(question, List.of())) {
            asked.add(vertx.eventBus().request(address, parameters, options));
        }
        return Future.join(asked).otherwiseEmpty().map(done -> asked.stream()
                .filter(Future::succeeded)
                .map(answer -> answer.result().body())
                .toList());
    }
}
