package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How consumers talk to the owner of a subscription, on {@link Addresses#ofSubscription}: a request {@code {v, op, ...}} and its
 * reply. The version is there for nodes of different versions in a cluster; fields that are not known are ignored.
 *
 * <ul>
 *   <li>{@code pull {pull, max, wait, to}}: {@code {deliveries: [{id, attempt, event}]}}, after at most {@code wait} milliseconds
 *   <li>{@code cancel {pull}}: whoever asked is gone
 *   <li>{@code settle {items: [{id, outcome, delay, error}]}}: {@code {results: [done, stale or unknown]}}, once that is kept
 *   <li>{@code status}: positions, lag and counters
 *   <li>{@code replay {letters, rate, data}}: dead letters become deliveries again, so many a second
 * </ul>
 */
public final class SubscriptionWire {
    /** The field that says what is wanted. */
    public static final String OPERATION = "op";

    /** Takes deliveries. */
    public static final String PULL = "pull";

    /** Ends a pull. */
    public static final String CANCEL = "cancel";

    /** Settles deliveries. */
    public static final String SETTLE = "settle";

    /** Asks how it is doing. */
    public static final String STATUS = "status";

    /** Gives dead letters back. */
    public static final String REPLAY = "replay";

    /** Most deliveries of one pull. */
    public static final int MOST_PULLED = 1_000;

    /** Longest time a pull waits, in milliseconds. */
    public static final long LONGEST_WAIT_MILLIS = 60_000;

    private static final int VERSION = 1;
    private static final long ANSWER_MILLIS = 10_000;

    /** A pull that waits for nothing is answered out of memory; one that a dead owner has is not to be waited for long. */
    private static final long PULL_ANSWER_MILLIS = 3_000;

    private final Vertx vertx;

    /** Asks over this bus. Thread-safe; answers come on the caller's context. */
    public SubscriptionWire(Vertx vertx) {
        this.vertx = vertx;
    }

    private static JsonObject operation(String name) {
        return new JsonObject().put("v", VERSION).put(OPERATION, name);
    }

    /**
     * Takes up to {@code max} deliveries, as soon as there is one.
     *
     * @param pull names this pull, so that it can be cancelled; null when it will not be
     * @param to who asks, for those who look on
     * @return empty when none came in time; fails with {@link Refusal} {@code unavailable} while nobody owns the subscription
     */
    public Future<JsonArray> pull(String subscription, @Nullable String pull, int max, long waitMillis, String to) {
        JsonObject body = operation(PULL)
                .put("pull", pull)
                .put("max", max)
                .put("wait", waitMillis)
                .put("to", to);
        return ask(subscription, body, waitMillis + PULL_ANSWER_MILLIS)
                .map(answer -> answer.getJsonArray("deliveries"));
    }

    /** Says that whoever pulled is gone. */
    public Future<Void> cancel(String subscription, String pull) {
        return ask(subscription, operation(CANCEL).put("pull", pull), ANSWER_MILLIS)
                .mapEmpty();
    }

    /** Settles deliveries; the results come once that is kept. */
    public Future<JsonArray> settle(String subscription, JsonArray items) {
        return ask(subscription, operation(SETTLE).put("items", items), ANSWER_MILLIS)
                .map(answer -> answer.getJsonArray("results"));
    }

    /** How it is doing. */
    public Future<JsonObject> status(String subscription) {
        return ask(subscription, operation(STATUS), ANSWER_MILLIS);
    }

    /** Makes dead letters deliveries again; {@code how} may have other {@code data} and a {@code rate} per second. */
    public Future<Integer> replay(String subscription, JsonArray letters, JsonObject how) {
        JsonObject body = operation(REPLAY).put("letters", letters).mergeIn(how);
        return ask(subscription, body, ANSWER_MILLIS).map(answer -> answer.getInteger("replayed"));
    }

    private Future<JsonObject> ask(String subscription, JsonObject body, long timeoutMillis) {
        return vertx.eventBus()
                .<JsonObject>request(
                        Addresses.ofSubscription(subscription),
                        body,
                        new DeliveryOptions().setSendTimeout(timeoutMillis))
                .map(Message::body)
                .recover(failure -> Future.failedFuture(explain(subscription, failure)));
    }

    private static Throwable explain(String subscription, Throwable failure) {
        if (!(failure instanceof ReplyException reply)) {
            return failure;
        }
        return switch (reply.failureType()) {
            case RECIPIENT_FAILURE ->
                new Refusal(
                        FailureCode.ofNumber(reply.failureCode()).orElse(FailureCode.UNAVAILABLE),
                        String.valueOf(reply.getMessage()));
            case TIMEOUT -> new Refusal(FailureCode.TIMEOUT);
            default ->
                new Refusal(
                        FailureCode.UNAVAILABLE,
                        "no node owns the subscription '" + subscription + "' now; another takes over within 10 s");
        };
    }
}
