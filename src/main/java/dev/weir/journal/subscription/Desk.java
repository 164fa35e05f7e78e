package dev.weir.journal.subscription;

import dev.weir.bus.FailureCode;
import dev.weir.bus.KeptJson;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionWire;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.Work;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a subscription's consumers over the bus, as {@link SubscriptionWire} says. Owned by the dispatcher's event loop. */
final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    private static final int MOST_REPLAYED = 5_000;

    private final Dispatcher dispatcher;
    private final EngineJournal journal;

    Desk(Dispatcher dispatcher, EngineJournal journal) {
        this.dispatcher = dispatcher;
        this.journal = journal;
    }

    void answer(Message<JsonObject> message) {
        Future<JsonObject> answer;
        try {
            answer = answer(message.body());
        } catch (ClassCastException | IllegalArgumentException malformed) {
            answer = Future.failedFuture(
                    new Refusal(FailureCode.INVALID_PARAMETER, String.valueOf(malformed.getMessage())));
        }
        answer.onSuccess(message::reply).onFailure(failure -> refuse(message, failure));
    }

    static void refuse(Message<?> message, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            message.fail(refusal.code().number(), String.valueOf(refusal.getMessage()));
        } else {
            LOG.error("a bug in a subscription", failure);
            message.fail(FailureCode.UNAVAILABLE.number(), FailureCode.UNAVAILABLE.meaning());
        }
    }

    private Future<JsonObject> answer(JsonObject asked) {
        String operation = asked.getString(SubscriptionWire.OPERATION, "");
        return switch (operation) {
            case SubscriptionWire.PULL -> pull(asked);
            case SubscriptionWire.CANCEL -> cancel(asked);
            case SubscriptionWire.SETTLE -> settle(asked);
            case SubscriptionWire.STATUS ->
                Future.succeededFuture(dispatcher.status().toJson());
            case SubscriptionWire.REPLAY -> replay(asked);
            default ->
                Future.failedFuture(
                        new Refusal(FailureCode.INVALID_PARAMETER, "no operation '" + operation + "' in this version"));
        };
    }

    private Future<JsonObject> pull(JsonObject asked) {
        int max = Math.max(1, Math.min(asked.getInteger("max", 1), SubscriptionWire.MOST_PULLED));
        Duration wait = Duration.ofMillis(
                Math.max(1, Math.min(asked.getLong("wait", 0L), SubscriptionWire.LONGEST_WAIT_MILLIS)));
        String to = asked.getString("to", "");
        return dispatcher.pull(asked.getString("pull"), max, wait, to).map(deliveries -> {
            JsonArray all = new JsonArray();
            deliveries.forEach(each -> all.add(new JsonObject()
                    .put("id", each.id().toString())
                    .put("attempt", each.attempt())
                    .put("event", KeptJson.of(each.event()))));
            return new JsonObject().put("deliveries", all);
        });
    }

    private Future<JsonObject> cancel(JsonObject asked) {
        dispatcher.cancelPull(asked.getString("pull", ""));
        return Future.succeededFuture(new JsonObject());
    }

    private Future<JsonObject> settle(JsonObject asked) {
        JsonArray items = asked.getJsonArray("items", new JsonArray());
        List<Settlement> settlements = new ArrayList<>(items.size());
        List<Integer> places = new ArrayList<>(items.size());
        String[] results = new String[items.size()];
        for (int i = 0; i < items.size(); i++) {
            Settlement settlement = settlement(items.getJsonObject(i));
            if (settlement == null) {
                results[i] = word(Settlement.Result.UNKNOWN);
            } else {
                settlements.add(settlement);
                places.add(i);
            }
        }
        return dispatcher.settle(settlements).map(done -> {
            for (int i = 0; i < done.size(); i++) {
                results[places.get(i)] = word(done.get(i));
            }
            return new JsonObject().put("results", new JsonArray(List.of(results)));
        });
    }

    private static String word(Settlement.Result result) {
        return result.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Settlement settlement(JsonObject item) {
        Delivery.Id id = Delivery.Id.parse(item.getString("id", ""));
        if (id == null) {
            return null;
        }
        Settlement.Outcome outcome =
                Settlement.Outcome.valueOf(item.getString("outcome", "").toUpperCase(Locale.ROOT));
        Long delay = item.getLong("delay");
        return new Settlement(
                id, outcome, delay == null ? null : Duration.ofMillis(Math.max(0, delay)), item.getString("error"));
    }

    /** Dead letters come back as fresh deliveries. More that wait would keep new events from being read. */
    private Future<JsonObject> replay(JsonObject asked) {
        JsonArray ids = asked.getJsonArray("letters", new JsonArray());
        double rate = asked.getDouble("rate", 0.0);
        if (dispatcher.status().deferred() + ids.size() > MOST_REPLAYED) {
            return Future.failedFuture(new Refusal(
                    FailureCode.BUSY, "more than " + MOST_REPLAYED + " deliveries would wait; replay fewer, or later"));
        }
        Object data = asked.getValue("data");
        boolean edited = asked.containsKey("data");
        return journal.ask(store -> {
                    List<Work.DeadLetter> letters = new ArrayList<>();
                    for (Object id : ids) {
                        Work.DeadLetter letter = store.deadLetter(String.valueOf(id));
                        if (letter != null) {
                            letters.add(letter);
                        }
                    }
                    return letters;
                })
                .compose(letters -> {
                    List<Work.DeadLetter> changed = edited
                            ? letters.stream().map(each -> each.withData(data)).toList()
                            : letters;
                    return dispatcher.replay(Objects.requireNonNull(changed), rate);
                })
                .map(replayed -> new JsonObject().put("replayed", replayed));
    }
}
