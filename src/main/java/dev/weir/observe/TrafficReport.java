package dev.weir.observe;

import dev.weir.bus.Addresses;
import dev.weir.bus.Departed;
import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Listeners;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.Report;
import dev.weir.bus.SubscriptionState;
import dev.weir.bus.Traffic;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the addresses in use on a node: what travels, who listens, what is kept, who decides. Every two seconds the rates are
 * taken; all else is gathered only while somebody listens, or asks. Owned by the event loop that starts it.
 */
public final class TrafficReport {
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final long LOGS_READ_NANOS = Duration.ofSeconds(4).toNanos();
    private static final int MOST_UNHEARD = 100;
    /** Who asks for the whole and then listens may have missed what was told in between: what changed is told for so many rounds. */
    private static final int TOLD_ROUNDS = 2;

    private final TrafficSources of;
    private final TrafficTable table;
    private final Section subscriptions = new Section("subscriptions");
    private final Section unheard = new Section("unheard");
    private final Section departed = new Section("departed");
    private final Section policies = new Section("policies");
    private final Section others = new Section("others");
    private @Nullable Policies described;
    private Map<String, Head> logs = Map.of();
    private long logsReadNanos;
    private boolean logsRead;
    private long round;

    /** A report of one node. */
    public TrafficReport(TrafficSources of) {
        this.of = of;
        this.table = new TrafficTable(of);
    }

    /** Begins to take rates and to tell. */
    public void start(Reports reports, Timers timers) {
        timers.every(EVERY, () -> {
            of.traffic().look(of.clock().millis(), of.publisher()::isHeard);
            if (reports.isHeard(Report.TRAFFIC)) {
                gather();
            }
        });
        reports.addLater(Report.TRAFFIC, EVERY, this::news, this::whole);
    }

    private JsonObject news() {
        JsonObject news = new JsonObject();
        long since = round - TOLD_ROUNDS + 1;
        table.tell(news, since, round);
        for (Section each : sections()) {
            each.tell(news, since);
        }
        return news;
    }

    private Future<JsonObject> whole() {
        return gather().map(gathered -> {
            JsonObject whole = new JsonObject();
            table.put(whole);
            for (Section each : sections()) {
                each.put(whole);
            }
            return whole;
        });
    }

    private List<Section> sections() {
        return List.of(policies, subscriptions, unheard, departed, others);
    }

    private Future<Void> gather() {
        Future<SortedMap<String, SortedMap<String, Listeners>>> listening =
                of.answers().ask(LocalAnswers.LISTENERS, new JsonObject()).map(Listeners::byAddress);
        Future<Map<String, Integer>> present = of.roster().counts();
        return Future.join(listening, present, readLogs())
                .otherwiseEmpty()
                .map(done -> gathered(
                        listening.succeeded() ? listening.result() : new TreeMap<>(),
                        present.succeeded() ? present.result() : Map.of()));
    }

    private Future<Void> readLogs() {
        Journal journal = of.publisher().journal();
        long now = of.clock().nanos();
        if (journal == null || (logsRead && now - logsReadNanos < LOGS_READ_NANOS)) {
            return Future.succeededFuture();
        }
        logsRead = true;
        logsReadNanos = now;
        return journal.logs().map(found -> {
            logs = found;
            return null;
        });
    }

    private @Nullable Void gathered(
            SortedMap<String, SortedMap<String, Listeners>> listening, Map<String, Integer> present) {
        round++;
        table.update(round, listening, present, logs);
        describePolicies();
        subscriptions.is(
                new JsonArray(of.subscriptions().get().stream()
                        .map(SubscriptionState::toJson)
                        .toList()),
                round);
        departed.is(
                new JsonArray(of.departed().get().stream().map(Departed::toJson).toList()), round);
        unheard.is(unheard(), round);
        Traffic.Meter rest = of.traffic().others();
        others.is(new JsonObject().put("in", rest.in()).put("out", rest.out()), round);
        return null;
    }

    private void describePolicies() {
        Policies now = of.policies().get();
        if (now != described) {
            described = now;
            policies.is(
                    new JsonArray(now.all().stream().map(PolicyWords::describe).toList()), round);
        }
    }

    private JsonArray unheard() {
        return new JsonArray(StreamSupport.stream(of.traffic().meters().spliterator(), false)
                .filter(each -> each.unheardSince() > 0)
                .sorted(Comparator.comparingLong(Traffic.Meter::unheard).reversed())
                .limit(MOST_UNHEARD)
                .map(each -> new JsonObject()
                        .put("address", each.address())
                        .put("events", each.unheard())
                        .put("since", each.unheardSince()))
                .toList());
    }

    /** The policy that decides for an address or a pattern. */
    static @Nullable Policy policyOf(Policies policies, String address) {
        return (Addresses.isPattern(address) ? policies.ofPattern(address) : policies.of(address)).orElse(null);
    }
}
