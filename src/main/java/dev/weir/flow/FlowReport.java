package dev.weir.flow;

import dev.weir.time.Clock;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the flows of a node are doing, for those who look on: everything once, then what changed. The flows' verticle says which there
 * are; all else belongs to the event loop that reports.
 */
public final class FlowReport {
    /** A reading that is older says nothing of what happens now. */
    private static final long FRESH_MILLIS = 10_000;

    private static final List<String> RATES = List.of("in", "out", "errors");

    /**
     * A flow of this node.
     *
     * @param run null while it does not run here
     * @param state what it does instead, then
     */
    record Shown(FlowSpec spec, @Nullable FlowRun run, String state, boolean kept) {}

    private record Reading(long atMillis, JsonObject figures) {}

    private final Clock clock;
    private final Map<String, Reading> readings = new HashMap<>();
    private final Map<String, JsonObject> rates = new HashMap<>();
    private final Map<String, JsonObject> told = new HashMap<>();
    private volatile List<Shown> shown = List.of();

    /** Nothing runs yet. */
    public FlowReport(Clock clock) {
        this.clock = clock;
    }

    /** Which flows there are now. */
    void show(List<Shown> now) {
        shown = List.copyOf(now);
    }

    /** All flows with their graphs, and their rates where they were read lately. */
    public JsonObject whole() {
        long now = clock.millis();
        JsonArray flows = new JsonArray();
        for (Shown each : shown) {
            JsonObject figures = figures(each);
            Reading before = readings.get(each.spec.name());
            boolean fresh = before != null && now - before.atMillis <= FRESH_MILLIS;
            if (!fresh) {
                readings.put(each.spec.name(), new Reading(now, figures));
            }
            JsonObject rate = fresh ? rates.get(each.spec.name()) : null;
            JsonObject told = figures.copy().mergeIn(head(each.spec));
            flows.add(rate == null ? told : told.put("rates", rate.copy()));
        }
        return new JsonObject().put("at", now).put("flows", flows);
    }

    /** What changed since it was told last: flows with all their figures, and the names of those that are gone. */
    public JsonObject news() {
        long now = clock.millis();
        JsonArray changed = new JsonArray();
        Set<String> gone = new HashSet<>(told.keySet());
        for (Shown each : shown) {
            gone.remove(each.spec.name());
            change(each, now, changed);
        }
        gone.forEach(name -> {
            told.remove(name);
            readings.remove(name);
            rates.remove(name);
        });
        JsonObject news = new JsonObject();
        if (!changed.isEmpty()) {
            news.put("flows", changed);
        }
        if (!gone.isEmpty()) {
            news.put("gone", new JsonArray(List.copyOf(gone)));
        }
        return news.isEmpty() ? news : news.put("at", now);
    }

    private void change(Shown each, long now, JsonArray changed) {
        String name = each.spec.name();
        JsonObject figures = figures(each);
        Reading before = readings.put(name, new Reading(now, figures));
        JsonObject tell = figures;
        if (before != null && now - before.atMillis <= FRESH_MILLIS && now > before.atMillis) {
            JsonObject rate = rates(before, figures, now);
            rates.put(name, rate);
            tell = figures.copy().put("rates", rate);
        } else {
            rates.remove(name);
        }
        JsonObject last = told.put(name, tell);
        if (last != null && last.equals(tell)) {
            return;
        }
        boolean sameFile = last != null && each.spec.digest().equals(last.getString("digest"));
        changed.add(sameFile ? tell.copy() : tell.copy().mergeIn(head(each.spec)));
    }

    private static JsonObject figures(Shown each) {
        FlowRun run = each.run;
        JsonObject json = run == null ? new JsonObject().put("state", each.state) : run.toJson();
        return json.put("flow", each.spec.name())
                .put("digest", each.spec.digest())
                .put("kept", each.kept);
    }

    /** What changes with the file only. */
    private static JsonObject head(FlowSpec spec) {
        return new JsonObject()
                .put("file", spec.at().file())
                .put("spread", spec.isSpread())
                .put("graph", FlowDrawing.of(spec));
    }

    /** Per second, to a tenth; {@code {taken, stages: {<id>: {in, out, errors}}}}. */
    private static JsonObject rates(Reading before, JsonObject now, long nowMillis) {
        double seconds = (nowMillis - before.atMillis) / 1_000.0;
        JsonObject were = before.figures.getJsonObject("stages", new JsonObject());
        JsonObject stages = new JsonObject();
        now.getJsonObject("stages", new JsonObject()).forEach(entry -> {
            JsonObject counts = (JsonObject) entry.getValue();
            JsonObject old = were.getJsonObject(entry.getKey(), new JsonObject());
            JsonObject rates = new JsonObject();
            RATES.forEach(what -> rates.put(what, rate(old, counts, what, seconds)));
            stages.put(entry.getKey(), rates);
        });
        return new JsonObject()
                .put("taken", rate(before.figures, now, "taken", seconds))
                .put("stages", stages);
    }

    private static double rate(JsonObject before, JsonObject now, String what, double seconds) {
        long more = now.getLong(what, 0L) - before.getLong(what, 0L);
        return Math.round(Math.max(0, more) / seconds * 10) / 10.0;
    }
}
