package dev.weir.edge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.bus.SubscriptionWire;
import dev.weir.time.Durations;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What consumers of subscriptions may ask, the same over every edge: who may, what is well-formed, and what becomes of deliveries
 * whose consumer is gone. Owned by its event loop.
 */
public final class Consumers {
    private static final Logger LOG = LoggerFactory.getLogger(Consumers.class);
    private static final String OPERATOR = "operator";
    private static final Set<String> OUTCOMES = Set.of("ack", "nack", "reject", "extend");
    private static final int MOST_SETTLED = 1_000;
    private static final long LONGEST_DELAY_MILLIS = 7L * 24 * 3_600_000;

    private final EdgeServices edge;
    private final SubscriptionWire wire;

    /** Asks over the bus of the loop's instance. */
    public Consumers(LoopServices loop) {
        this.edge = loop.edge();
        this.wire = new SubscriptionWire(loop.vertx());
    }

    /** How owners are asked. */
    public SubscriptionWire wire() {
        return wire;
    }

    /** The subscription, when it is there and this principal may consume it or is an operator; fails with a {@link Refusal}. */
    public Future<SubscriptionPolicy> permitted(Principal who, String name) {
        SubscriptionPolicy spec = edge.authorizer().subscriptions().find(name);
        boolean signedIn = who.signedIn(edge.clock().millis());
        if (spec == null) {
            // Who shows no token does not learn which there are.
            return Future.failedFuture(
                    signedIn
                            ? new Refusal(FailureCode.NOT_FOUND, "there is no subscription with this name")
                            : new Refusal(FailureCode.NOT_LOGGED_IN));
        }
        return signedIn && who.roles().contains(OPERATOR)
                ? Future.succeededFuture(spec)
                : edge.authorizer().check(spec, who).map(spec);
    }

    /**
     * The settlements that somebody sent, as the wire has them.
     *
     * @throws Refusal when something is wrong with them
     * @throws ClassCastException when a field has another type
     */
    public static JsonArray items(@Nullable JsonArray items) {
        if (items == null || items.isEmpty() || items.size() > MOST_SETTLED) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER, "items has the deliveries to settle, from 1 to " + MOST_SETTLED);
        }
        JsonArray checked = new JsonArray();
        for (int i = 0; i < items.size(); i++) {
            checked.add(item(Objects.requireNonNullElseGet(items.getJsonObject(i), JsonObject::new), i));
        }
        return checked;
    }

    private static JsonObject item(JsonObject item, int index) {
        String outcome = item.getString("outcome");
        if (item.getString("id") == null || outcome == null || !OUTCOMES.contains(outcome)) {
            throw new Refusal(
                            FailureCode.INVALID_PARAMETER,
                            "each item has the id of a delivery and an outcome: ack, nack, reject or extend")
                    .at("/items/" + index);
        }
        JsonObject checked = new JsonObject().put("id", item.getString("id")).put("outcome", outcome);
        if (item.containsKey("delay")) {
            checked.put("delay", duration(item.getString("delay"), "delay", 0, LONGEST_DELAY_MILLIS));
        }
        return item.containsKey("error") ? checked.put("error", item.getString("error")) : checked;
    }

    /**
     * Takes deliveries for somebody who was permitted to. Who lost the right while waiting gets none; another does.
     *
     * @param who the consumer, asked again at the end
     * @return fails with a {@link Refusal}
     */
    public Future<JsonArray> pull(Supplier<Principal> who, String name, String pull, int max, long waitMillis) {
        String sub = who.get().sub();
        Future<JsonArray> pulled = wire.pull(name, pull, max, waitMillis, sub == null ? "anonymous" : sub);
        return waitMillis == 0
                ? pulled
                : pulled.compose(deliveries -> deliveries.isEmpty()
                        ? pulled
                        : permitted(who.get(), name)
                                .map(spec -> deliveries)
                                .onFailure(ended -> giveBack(name, ids(deliveries), "the consumer's right ended")));
    }

    /** The ids of deliveries as the wire has them. */
    public static List<String> ids(JsonArray deliveries) {
        return deliveries.stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList();
    }

    /** The consumer is gone: another gets these deliveries now, as another attempt. */
    public void giveBack(String subscription, Collection<String> deliveries) {
        giveBack(subscription, deliveries, "the consumer hung up");
    }

    private void giveBack(String subscription, Collection<String> deliveries, String why) {
        JsonArray items = new JsonArray();
        deliveries.forEach(id -> items.add(new JsonObject()
                .put("id", id)
                .put("outcome", "nack")
                .put("delay", 0)
                .put("error", why)));
        if (!items.isEmpty()) {
            wire.settle(subscription, items)
                    .onFailure(failure -> LOG.debug("they come again after the ack wait: {}", deliveries, failure));
        }
    }

    /**
     * A duration as users write it.
     *
     * @param most in milliseconds
     * @throws Refusal when it is none or too long
     */
    public static long duration(@Nullable String text, String name, long absent, long most) {
        if (text == null) {
            return absent;
        }
        try {
            long millis = Durations.parse(text).toMillis();
            if (millis <= most) {
                return millis;
            }
        } catch (IllegalArgumentException | ArithmeticException notOne) {
            // Answered below like one that is too long.
        }
        throw new Refusal(
                FailureCode.INVALID_PARAMETER,
                name + " is a duration such as 20s, at most " + Durations.format(Duration.ofMillis(most)));
    }
}
