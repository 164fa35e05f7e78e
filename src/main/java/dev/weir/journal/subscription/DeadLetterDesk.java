package dev.weir.journal.subscription;

import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.FlowWire;
import dev.weir.bus.Inspection;
import dev.weir.bus.KeptJson;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers this node's edges about dead letters: {@code list}, {@code groups}, {@code get}, {@code edit}, {@code replay} and
 * {@code discard}, each with an {@code id} or a filter {@code {subscription, address, type, reason, text, error, since, until, cursor,
 * limit}}. What changes dead letters takes the
 * oldest first. Owned by the subscriptions' event loop.
 */
final class DeadLetterDesk {
    private static final int LIMIT = 100;
    private static final int MOST = 1_000;
    private static final int MOST_TOLD = 200;
    private static final int LONGEST_TOLD = 200;

    private final EngineJournal journal;
    private final Supplier<Policies> policies;
    private final SubscriptionWire wire;
    private final FlowWire flows;

    /** @param policies those in force, which say what data an address takes */
    DeadLetterDesk(Vertx vertx, EngineJournal journal, Supplier<Policies> policies) {
        this.journal = journal;
        this.policies = policies;
        this.wire = new SubscriptionWire(vertx);
        this.flows = new FlowWire(vertx);
    }

    void answer(Message<JsonObject> message) {
        Future<JsonObject> answer;
        try {
            answer = answer(message.body());
        } catch (Refusal refusal) {
            answer = Future.failedFuture(refusal);
        }
        answer.onSuccess(message::reply).onFailure(failure -> Desk.refuse(message, failure));
    }

    private Future<JsonObject> answer(JsonObject asked) {
        return switch (asked.getString("op", "")) {
            case "list" -> find(asked, false).map(DeadLetterDesk::describe);
            case "groups" -> groups(asked);
            case "get" -> one(asked).map(DeadLetterDesk::describe);
            case "edit" -> one(asked).compose(letter -> edit(letter, asked.getValue("data")));
            case "replay" -> which(asked).compose(page -> replay(page, asked));
            case "discard" -> which(asked).compose(this::discard);
            default -> Future.failedFuture(new Refusal(FailureCode.INVALID_PARAMETER, "no such operation"));
        };
    }

    private Future<WorkStore.Page> which(JsonObject asked) {
        return asked.containsKey("id")
                ? one(asked).map(letter -> new WorkStore.Page(List.of(letter), null))
                : find(asked, true);
    }

    private Future<WorkStore.Page> find(JsonObject asked, boolean oldestFirst) {
        WorkStore.Query query = new WorkStore.Query(
                filter(asked),
                mark(asked.getString("cursor")),
                oldestFirst,
                Math.max(1, Math.min(asked.getInteger("limit", LIMIT), MOST)));
        return journal.ask(store -> store.deadLetters(query));
    }

    private static WorkStore.Filter filter(JsonObject asked) {
        return new WorkStore.Filter(
                asked.getString("subscription"),
                asked.getString("address"),
                asked.getString("type"),
                asked.getString("reason"),
                asked.getString("text"),
                asked.getString("error"),
                asked.getLong("since"),
                asked.getLong("until"));
    }

    private Future<JsonObject> groups(JsonObject asked) {
        WorkStore.Filter filter = filter(asked);
        return journal.ask(store -> store.deadLetterGroups(filter)).map(DeadLetterDesk::describe);
    }

    private static JsonObject describe(WorkStore.Groups groups) {
        JsonArray all = new JsonArray();
        groups.groups()
                .forEach(group -> all.add(new JsonObject()
                        .put("subscription", group.subscription())
                        .put("hop", group.hop())
                        .put("reason", group.reason())
                        .put("error", group.error())
                        .put("count", group.count())
                        .put("first", time(group.firstMillis()))
                        .put("last", time(group.lastMillis()))
                        .put("sample", group.sample())));
        return new JsonObject()
                .put("groups", all)
                .put("looked", groups.looked())
                .put("complete", groups.complete());
    }

    private static WorkStore.@Nullable Mark mark(@Nullable String text) {
        WorkStore.Mark mark = text == null ? null : WorkStore.Mark.parse(text);
        if (text != null && mark == null) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, "cursor is the 'next' of the page before");
        }
        return mark;
    }

    private Future<Work.DeadLetter> one(JsonObject asked) {
        String id = asked.getString("id", "");
        return journal.ask(store -> Optional.ofNullable(store.deadLetter(id)))
                .map(found -> found.orElseThrow(
                        () -> new Refusal(FailureCode.NOT_FOUND, "there is no dead letter '" + id + "'")));
    }

    private static JsonObject describe(WorkStore.Page page) {
        JsonArray all = new JsonArray();
        page.letters().forEach(letter -> all.add(describe(letter)));
        return next(new JsonObject().put("deadLetters", all), page);
    }

    private static JsonObject next(JsonObject answer, WorkStore.Page page) {
        return answer.put("next", page.next() == null ? null : page.next().toString());
    }

    /** With the ids of the events, so that whoever follows one later finds what was done; not of all when there are many. */
    private static JsonObject changed(JsonObject answer, WorkStore.Page page) {
        JsonObject problems = answer.getJsonObject("problems", new JsonObject());
        JsonArray events = new JsonArray();
        page.letters().stream()
                .filter(letter -> !problems.containsKey(letter.subscription()))
                .map(letter -> letter.event().id())
                .filter(id -> id != null && id.length() <= LONGEST_TOLD)
                .limit(MOST_TOLD)
                .forEach(events::add);
        return next(answer, page).put("events", events);
    }

    private static JsonObject describe(Work.DeadLetter letter) {
        Work.Place place = letter.place();
        return new JsonObject()
                .put("id", letter.id())
                .put("subscription", letter.subscription())
                .put("hop", Work.hopName(letter.hop()))
                .put("address", isSomewhere(place) ? place.address() : null)
                .put("position", isSomewhere(place) ? new Position(place.epoch(), place.offset()).toString() : null)
                .put("time", time(letter.atMillis()))
                .put("reason", letter.reason())
                .put("attempts", letter.attempts())
                .put("failures", failures(letter.failures()))
                .put(
                        "event",
                        KeptJson.of(letter.event().busHeaders(), letter.event().body()));
    }

    /** Events of flows may have come from elsewhere than a log. */
    private static boolean isSomewhere(Work.Place place) {
        return !place.address().isEmpty();
    }

    static JsonArray failures(List<Failure> failures) {
        JsonArray all = new JsonArray();
        failures.forEach(each ->
                all.add(new JsonObject().put("time", time(each.atMillis())).put("error", each.error())));
        return all;
    }

    private static String time(long millis) {
        return EventHeaders.formatTime(Instant.ofEpochMilli(millis));
    }

    /** The data it has from now on; what its address would not take is refused. */
    private Future<JsonObject> edit(Work.DeadLetter letter, @Nullable Object data) {
        inspect(letter, data);
        Work.DeadLetter edited = letter.withData(data);
        return journal.keep(Work.onDeadLetters(List.of(edited), List.of())).map(kept -> describe(edited));
    }

    private void inspect(Work.DeadLetter letter, @Nullable Object data) {
        if (FlowJournal.flowOf(letter.subscription()) != null) {
            // What waits at a stage need not be what its address takes.
            return;
        }
        Optional<Policy> policy = policies.get().of(letter.place().address());
        String type = letter.event().type();
        policy.ifPresent(
                now -> Inspection.check(now, type == null ? EventHeaders.DEFAULT_TYPE : type, data, Integer.MAX_VALUE));
    }

    /** The owner of each subscription or flow gives its own back, so that nothing is done behind its back. */
    private Future<JsonObject> replay(WorkStore.Page page, JsonObject asked) {
        JsonObject how = new JsonObject().put("rate", asked.getDouble("rate", 0.0));
        if (asked.containsKey("data")) {
            page.letters().forEach(letter -> inspect(letter, asked.getValue("data")));
            how.put("data", asked.getValue("data"));
        }
        Map<String, JsonArray> bySubscription = new LinkedHashMap<>();
        page.letters().forEach(letter -> bySubscription
                .computeIfAbsent(letter.subscription(), first -> new JsonArray())
                .add(letter.id()));
        Map<String, Future<Integer>> replayed = new LinkedHashMap<>();
        bySubscription.forEach((name, ids) -> replayed.put(name, replay(name, ids, how)));
        return Future.join(List.copyOf(replayed.values()))
                .transform(done -> sum(replayed))
                .map(answer -> changed(answer, page));
    }

    private Future<Integer> replay(String subscription, JsonArray ids, JsonObject how) {
        String flow = FlowJournal.flowOf(subscription);
        if (flow == null) {
            return wire.replay(subscription, ids, how);
        }
        List<String> letters = ids.stream().map(String::valueOf).toList();
        return flows.replay(
                flow,
                new FlowJournal.Replay(
                        letters, how.getDouble("rate", 0.0), how.containsKey("data"), how.getValue("data")));
    }

    /** One subscription that is gone does not keep the others from getting theirs; when none gets any, that is the answer. */
    private static Future<JsonObject> sum(Map<String, Future<Integer>> replayed) {
        int sum = 0;
        JsonObject problems = new JsonObject();
        for (Map.Entry<String, Future<Integer>> each : replayed.entrySet()) {
            if (each.getValue().succeeded()) {
                sum += each.getValue().result();
            } else {
                problems.put(
                        each.getKey(), String.valueOf(each.getValue().cause().getMessage()));
            }
        }
        if (!problems.isEmpty() && problems.size() == replayed.size()) {
            return Future.failedFuture(replayed.values().iterator().next().cause());
        }
        JsonObject answer = new JsonObject().put("replayed", sum);
        return Future.succeededFuture(problems.isEmpty() ? answer : answer.put("problems", problems));
    }

    private Future<JsonObject> discard(WorkStore.Page page) {
        List<String> ids = page.letters().stream().map(Work.DeadLetter::id).toList();
        Future<Boolean> kept =
                ids.isEmpty() ? Future.succeededFuture(true) : journal.keep(Work.onDeadLetters(List.of(), ids));
        return kept.map(done -> changed(new JsonObject().put("discarded", ids.size()), page));
    }
}
