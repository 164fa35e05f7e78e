package dev.weir.observe.overview;

import dev.weir.bus.ClusterQuery;
import dev.weir.bus.LocalAnswers;
import dev.weir.time.Clock;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Who is in the cluster, as this node sees it: nodes, members that have not answered yet, and for an hour those that are gone. Each
 * is asked once for its name and version. Owned by the event loop of the overview.
 */
final class Neighbours {
    /** For how long those that are gone are told of. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** After that a member that never answered is taken for a program of somebody's own. */
    static final Duration JOINING = Duration.ofMinutes(1);

    /** The field of the answer of a node that does not serve yet. */
    static final String STARTING = "starting";

    private static final String WHO = "who";
    private static final String VERSION = "version";
    private static final int MOST_GONE = 100;

    private record Known(JsonObject who, long sinceMillis) {}

    private record Gone(JsonObject who, long atMillis) {}

    private final Clock clock;
    private final ClusterQuery cluster;
    private final Supplier<List<String>> ids;
    private final Map<String, Known> present = new LinkedHashMap<>();
    private final Map<String, Gone> gone = new LinkedHashMap<>();
    private boolean asking;

    /**
     * @param ids of all members, this one included
     * @param own what this node answers others that ask who it is
     */
    Neighbours(
            Clock clock,
            ClusterQuery cluster,
            Supplier<List<String>> ids,
            LocalAnswers answers,
            Supplier<JsonObject> own) {
        this.clock = clock;
        this.cluster = cluster;
        this.ids = ids;
        answers.answer(WHO, asked -> own.get());
    }

    /** Looks around; asks only while somebody is there who has not said who they are. */
    void look() {
        long now = clock.millis();
        List<String> here = ids.get();
        here.forEach(id -> {
            gone.remove(id);
            present.putIfAbsent(id, new Known(new JsonObject().put("node", id), now));
        });
        Iterator<Map.Entry<String, Known>> all = present.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Known> each = all.next();
            if (!here.contains(each.getKey())) {
                all.remove();
                gone.put(each.getKey(), new Gone(each.getValue().who(), now));
            }
        }
        forget(now);
        if (!asking && present.values().stream().anyMatch(known -> isJoining(known, now))) {
            ask();
        }
    }

    private void forget(long now) {
        gone.values().removeIf(each -> now - each.atMillis() > REMEMBERED.toMillis());
        Iterator<String> eldest = gone.keySet().iterator();
        while (gone.size() > MOST_GONE) {
            eldest.next();
            eldest.remove();
        }
    }

    private static boolean isNode(Known known) {
        return known.who().containsKey(VERSION);
    }

    private static boolean isJoining(Known known, long now) {
        boolean mayBe = known.who().containsKey(STARTING) || now - known.sinceMillis() <= JOINING.toMillis();
        return mayBe && !isNode(known);
    }

    private void ask() {
        asking = true;
        cluster.ask(WHO, new JsonObject()).onComplete(done -> {
            asking = false;
            if (done.succeeded()) {
                done.result().forEach(this::said);
            }
        });
    }

    private void said(JsonObject who) {
        present.computeIfPresent(who.getString("node"), (id, known) -> new Known(who, known.sinceMillis()));
    }

    /** Members that are there, each with {@code state} {@code node}, {@code joining} or {@code program}. */
    JsonArray present() {
        long now = clock.millis();
        JsonArray all = new JsonArray();
        present.values().forEach(known -> {
            String state = known.who().containsKey("version") ? "node" : isJoining(known, now) ? "joining" : "program";
            all.add(known.who().copy().put("state", state).put("since", known.sinceMillis()));
        });
        return all;
    }

    /** Those that are gone, with when. */
    JsonArray gone() {
        JsonArray all = new JsonArray();
        gone.values().forEach(each -> all.add(each.who().copy().put("at", each.atMillis())));
        return all;
    }
}
