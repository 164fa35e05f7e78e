package dev.weir.edge.bridge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Ids;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionWire;
import dev.weir.edge.Consumers;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one session does with subscriptions: requests {@code pull}, {@code settle} and {@code cancel}, each answered where it asked for
 * the answer. Remembers what the session has taken, so that others get it at once when the session ends. Owned by the session's event
 * loop.
 */
final class Consuming {
    private static final int MOST_PULLED = 100;
    private static final int MOST_PULLS = 100;
    private static final int MOST_TAKEN = 10_000;

    private record Pull(String subscription, String id) {}

    private final Consumers consumers;
    private final Supplier<Principal> who;
    private final Answers answers;
    private final Pacing pacing;
    private final Ids ids = new Ids();
    private final Map<String, Pull> pulls = new HashMap<>(0);
    private final Map<String, String> taken = new LinkedHashMap<>(0);
    private boolean closed;

    /** @param who the client, as it is known at the moment */
    Consuming(Consumers consumers, Supplier<Principal> who, Answers answers, Pacing pacing) {
        this.consumers = consumers;
        this.who = who;
        this.answers = answers;
        this.pacing = pacing;
    }

    /** Takes a request in; done once its permission is decided and it was handed on. */
    Future<Void> ask(Frame frame, String subscription, String reply) {
        return consumers.permitted(who.get(), subscription).map(spec -> {
            handOn(frame.body(), subscription, reply);
            return null;
        });
    }

    private void handOn(@Nullable Object body, String subscription, String reply) {
        if (closed) {
            return;
        }
        JsonObject asked = body instanceof JsonObject json ? json : new JsonObject();
        try {
            switch (asked.getString(SubscriptionWire.OPERATION, "")) {
                case SubscriptionWire.PULL -> pull(asked, subscription, reply);
                case SubscriptionWire.SETTLE -> settle(asked, subscription, reply);
                case SubscriptionWire.CANCEL -> cancel(asked, reply);
                default ->
                    throw new Refusal(
                            FailureCode.INVALID_PARAMETER,
                            "send {\"op\": \"pull\", \"max\": 10, \"wait\": \"20s\"}, or op settle or cancel");
            }
        } catch (ClassCastException wrongType) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER,
                    "a field has the wrong type: op, wait and pull are texts, max is a whole number, items a list of objects");
        }
    }

    private void pull(JsonObject asked, String subscription, String reply) {
        int max = asked.getInteger("max", 1);
        if (max < 1) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, "max is a whole number from 1");
        }
        long wait = Consumers.duration(asked.getString("wait"), "wait", 0, SubscriptionWire.LONGEST_WAIT_MILLIS);
        if (pulls.size() >= MOST_PULLS || pulls.containsKey(reply)) {
            throw new Refusal(FailureCode.BUSY, "this session waits for too many pulls");
        }
        Pull pull = new Pull(subscription, ids.next());
        pulls.put(reply, pull);
        consumers
                .pull(who, subscription, pull.id(), Math.min(max, MOST_PULLED), wait)
                .onComplete(done -> pulled(pull, reply, done.result(), done.cause()));
    }

    private void pulled(Pull pull, String reply, @Nullable JsonArray deliveries, @Nullable Throwable failure) {
        pulls.remove(reply, pull);
        if (deliveries == null) {
            failed(reply, failure);
            return;
        }
        List<String> got = Consumers.ids(deliveries);
        if (closed) {
            consumers.giveBack(pull.subscription(), got);
            return;
        }
        got.forEach(id -> taken.put(id, pull.subscription()));
        // Who never settles anything is known by what it took last.
        while (taken.size() > MOST_TAKEN) {
            taken.remove(taken.keySet().iterator().next());
        }
        answers.answer(reply, new JsonObject().put("deliveries", deliveries));
    }

    private void settle(JsonObject asked, String subscription, String reply) {
        JsonArray items = Consumers.items(asked.getJsonArray("items"));
        for (int i = 0; i < items.size(); i++) {
            if (!"extend".equals(items.getJsonObject(i).getString("outcome"))) {
                taken.remove(items.getJsonObject(i).getString("id"));
            }
        }
        pacing.asked();
        consumers.wire().settle(subscription, items).onComplete(done -> {
            pacing.answered();
            if (done.failed()) {
                failed(reply, done.cause());
            } else if (!closed) {
                answers.answer(reply, new JsonObject().put("results", done.result()));
            }
        });
    }

    /** Ends a pull of this session, which is answered with nothing. */
    private void cancel(JsonObject asked, String reply) {
        Pull pull = pulls.get(asked.getString("pull", ""));
        if (pull != null) {
            consumers.wire().cancel(pull.subscription(), pull.id());
        }
        answers.answer(reply, new JsonObject());
    }

    private void failed(String reply, @Nullable Throwable failure) {
        if (!closed) {
            answers.refusal(reply, failure instanceof Refusal known ? known : new Refusal(FailureCode.UNAVAILABLE));
        }
    }

    /** The session is gone: what it waited for is not sent to it, and what it has goes to others. */
    void close() {
        closed = true;
        pulls.values().forEach(pull -> consumers.wire().cancel(pull.subscription(), pull.id()));
        pulls.clear();
        Map<String, List<String>> bySubscription = new HashMap<>();
        taken.forEach((id, name) -> bySubscription
                .computeIfAbsent(name, unseen -> new ArrayList<>())
                .add(id));
        taken.clear();
        bySubscription.forEach(consumers::giveBack);
    }
}
