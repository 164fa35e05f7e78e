package dev.weir.journal.subscription;

import dev.weir.bus.FailureCode;
import dev.weir.bus.KeptJson;
import dev.weir.bus.Position;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionWire;
import dev.weir.event.EventHeaders;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.Failure;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers this node's edges about dead letters: {@code list}, {@code get}, {@code replay} and {@code discard}, each with a filter
 * {@code {subscription, address, type, text, before, limit}} or {@code id}. Owned by the subscriptions' event loop.
 */
final class DeadLetterDesk {
    private static final int LIMIT = 100;
    private static final int MOST = 1_000;

    private final EngineJournal journal;
    private final SubscriptionWire wire;

    DeadLetterDesk(Vertx vertx, EngineJournal journal) {
        this.journal = journal;
        this.wire = new SubscriptionWire(vertx);
    }

    void answer(Message<JsonObject> message) {
        answer(message.body()).onSuccess(message::reply).onFailure(failure -> Desk.refuse(message, failure));
    }

    private Future<JsonObject> answer(JsonObject asked) {
        return switch (asked.getString("op", "")) {
            case "list" -> find(asked).map(letters -> page(letters, limit(asked)));
            case "get" -> one(asked).map(DeadLetterDesk::describe);
            case "replay" -> which(asked).compose(letters -> replay(letters, asked));
            case "discard" -> which(asked).compose(this::discard);
            default -> Future.failedFuture(new Refusal(FailureCode.INVALID_PARAMETER, "no such operation"));
        };
    }

    private static int limit(JsonObject asked) {
        return Math.max(1, Math.min(asked.getInteger("limit", LIMIT), MOST));
    }

    private Future<List<Work.DeadLetter>> which(JsonObject asked) {
        return asked.containsKey("id") ? one(asked).map(List::of) : find(asked);
    }

    private Future<List<Work.DeadLetter>> find(JsonObject asked) {
        WorkStore.Query query = new WorkStore.Query(
                asked.getString("subscription"),
                asked.getString("address"),
                asked.getString("type"),
                asked.getString("text"),
                asked.getString("before"),
                limit(asked));
        return journal.ask(store -> store.deadLetters(query));
    }

    private Future<Work.DeadLetter> one(JsonObject asked) {
        String id = asked.getString("id", "");
        return journal.ask(store -> java.util.Optional.ofNullable(store.deadLetter(id)))
                .map(found -> found.orElseThrow(
                        () -> new Refusal(FailureCode.NOT_FOUND, "there is no dead letter '" + id + "'")));
    }

    private static JsonObject page(List<Work.DeadLetter> letters, int limit) {
        JsonArray all = new JsonArray();
        letters.forEach(letter -> all.add(describe(letter)));
        @Nullable
        String next =
                letters.size() < limit ? null : letters.get(letters.size() - 1).id();
        return new JsonObject().put("deadLetters", all).put("next", next);
    }

    private static JsonObject describe(Work.DeadLetter letter) {
        Work.Place place = letter.place();
        return new JsonObject()
                .put("id", letter.id())
                .put("subscription", letter.subscription())
                .put("hop", letter.hop())
                .put("address", place.address())
                .put("position", new Position(place.epoch(), place.offset()).toString())
                .put("time", EventHeaders.formatTime(Instant.ofEpochMilli(letter.atMillis())))
                .put("reason", letter.reason())
                .put("attempts", letter.attempts())
                .put("failures", Failure.toJson(letter.failures()))
                .put(
                        "event",
                        KeptJson.of(letter.event().busHeaders(), letter.event().body()));
    }

    /** The owner of each subscription gives its own back, so that nothing is done behind its back. */
    private Future<JsonObject> replay(List<Work.DeadLetter> letters, JsonObject asked) {
        Map<String, JsonArray> bySubscription = new LinkedHashMap<>();
        letters.forEach(letter -> bySubscription
                .computeIfAbsent(letter.subscription(), first -> new JsonArray())
                .add(letter.id()));
        JsonObject edits = new JsonObject().put("pause", asked.getLong("pause", 0L));
        if (asked.containsKey("data")) {
            edits.put("data", asked.getValue("data"));
        }
        List<Future<Integer>> replayed = new ArrayList<>();
        bySubscription.forEach((subscription, ids) -> replayed.add(wire.replay(subscription, ids, edits)));
        return Future.all(replayed).map(all -> new JsonObject()
                .put("replayed", replayed.stream().mapToInt(Future::result).sum()));
    }

    private Future<JsonObject> discard(List<Work.DeadLetter> letters) {
        List<String> ids = letters.stream().map(Work.DeadLetter::id).toList();
        return journal.keep(new Work("", null, List.of(), List.of(), List.of(), List.of(), ids))
                .map(kept -> new JsonObject().put("discarded", ids.size()));
    }
}
