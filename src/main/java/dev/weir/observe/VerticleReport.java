package dev.weir.observe;

import dev.weir.bus.Report;
import dev.weir.bus.Tail;
import dev.weir.bus.VerticleState;
import dev.weir.observe.Leak.What;
import dev.weir.time.Timers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of the verticles that run on a node, and watches all the time for listeners that only become more. Owned by the event loop
 * that starts it.
 */
public final class VerticleReport {
    private static final Logger LOG = LoggerFactory.getLogger(VerticleReport.class);
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final int MOST_ADDRESSES = 50;
    private static final String CHECK = "leaks";
    /** Where an error happened: the first place in its stack that names a file, a line and perhaps a column. */
    private static final String STACK = "\n    at ";

    private static final Pattern PLACE = Pattern.compile("([\\w$@./\\\\-]+\\.\\w+:\\d+(?::\\d+)?)");

    private final VerticleSources of;
    private final Health health;
    private final LeakWatch watch = new LeakWatch();
    private final AtomicInteger suspected = new AtomicInteger();
    private final Map<String, JsonObject> told = new HashMap<>();
    private final Map<String, Long> linesBefore = new HashMap<>();
    private final Map<String, Long> linesTold = new HashMap<>();
    private final Map<String, Share> shares = new HashMap<>();
    private JsonArray leaksTold = new JsonArray();

    /** How much of its event loops a verticle kept between the last two looks. */
    private record Share(long nanos, long atNanos, double share) {}

    /** A report of one node; shows the number of leaks. */
    public VerticleReport(VerticleSources of, Health health, MeterRegistry metrics) {
        this.of = of;
        this.health = health;
        Gauge.builder("weir_leaks", suspected, AtomicInteger::doubleValue)
                .description("Addresses and verticles whose listeners only become more")
                .register(metrics);
    }

    /** Begins to watch and to tell. */
    public void start(Reports reports, Timers timers) {
        timers.every(LeakWatch.EVERY, this::look);
        timers.every(EVERY, this::measure);
        reports.add(Report.VERTICLES, EVERY, this::news, this::whole);
    }

    private void look() {
        List<Leak> found = watch.look(
                ListenerLook.at(of).counts(of.verticles().get()), of.clock().millis());
        found.forEach(leak -> LOG.warn("{}", leak.words()));
        List<Leak> all = watch.leaks();
        suspected.set(all.size());
        if (all.isEmpty()) {
            health.calm(CHECK);
        } else {
            health.warn(CHECK, all.stream().map(Leak::words).collect(Collectors.joining("; ")));
        }
    }

    private void measure() {
        long now = of.clock().nanos();
        for (VerticleState each : of.verticles().get()) {
            long nanos = each.work().nanos();
            Share last = shares.getOrDefault(each.name(), new Share(nanos, now, 0));
            double loops = Math.max(1, each.instances()) * (double) Math.max(1, now - last.atNanos);
            shares.put(each.name(), new Share(nanos, now, Math.min(1, (nanos - last.nanos) / loops)));
        }
    }

    private JsonObject whole() {
        ListenerLook look = ListenerLook.at(of);
        JsonArray verticles = new JsonArray();
        for (VerticleState each : of.verticles().get()) {
            verticles.add(describe(each, look).put("log", lines(each, 0)));
        }
        return new JsonObject().put("verticles", verticles).put("leaks", leaks());
    }

    private JsonObject news() {
        JsonObject news = new JsonObject();
        ListenerLook look = ListenerLook.at(of);
        JsonArray changed = new JsonArray();
        JsonObject said = new JsonObject();
        for (VerticleState each : of.verticles().get()) {
            JsonObject now = describe(each, look);
            if (!now.equals(told.put(each.name(), now))) {
                changed.add(now.copy());
            }
            // Once more what was told last: who has asked for the whole may not have heard it, and knows the numbers.
            JsonArray lines = lines(each, linesBefore.getOrDefault(each.name(), 0L));
            linesBefore.put(each.name(), linesTold.getOrDefault(each.name(), 0L));
            linesTold.put(each.name(), each.log().count());
            if (!lines.isEmpty()) {
                said.put(each.name(), lines);
            }
        }
        JsonArray leaks = leaks();
        if (!leaks.equals(leaksTold)) {
            leaksTold = leaks;
            news.put("leaks", leaks.copy());
        }
        if (!changed.isEmpty()) {
            news.put("verticles", changed);
        }
        return said.isEmpty() ? news : news.put("log", said);
    }

    private JsonObject describe(VerticleState each, ListenerLook look) {
        JsonArray addresses = new JsonArray();
        look.of(each).entrySet().stream()
                .limit(MOST_ADDRESSES)
                .forEach(one -> addresses.add(new JsonObject()
                        .put("address", one.getKey())
                        .put("consumers", one.getValue().consumers())
                        .put("listeners", one.getValue().listeners())
                        .put("delivered", one.getValue().delivered())));
        JsonObject said = new JsonObject()
                .put("name", each.name())
                .put("kind", each.script() ? "script" : "java")
                .put("at", each.at())
                .put("instances", each.instances())
                .put("running", each.running())
                .put("waiting", each.waiting())
                .put("state", state(each))
                .put("errors", each.errors())
                .put("restarts", each.restarts())
                .put("addresses", addresses)
                .put("addressCount", look.of(each).size())
                .put(
                        "listeners",
                        look.of(each).values().stream()
                                .mapToInt(ListenerLook.Heard::all)
                                .sum())
                .put("history", new JsonArray(watch.history(What.TOTAL, each.name())))
                .put("failures", failures(each));
        return work(each, said);
    }

    private JsonObject work(VerticleState each, JsonObject said) {
        Share share = shares.get(each.name());
        if (each.work().nanos() < 0) {
            return said;
        }
        return said.put("runs", each.work().runs())
                .put("seconds", Math.round(each.work().nanos() / 1e6) / 1e3)
                .put("share", share == null ? 0 : Math.round(share.share * 1e4) / 1e4);
    }

    private static String state(VerticleState each) {
        if (each.waiting() > 0) {
            return "waiting";
        }
        return each.running() > 0 ? "running" : "ended";
    }

    private JsonArray leaks() {
        return new JsonArray(watch.leaks().stream()
                .map(leak -> leak.toJson(watch.history(leak.what(), leak.name())))
                .toList());
    }

    private static JsonArray failures(VerticleState each) {
        return new JsonArray(each.failures().lines().stream()
                .map(line -> json(line).put("place", place(line.text())))
                .toList());
    }

    private static String place(String text) {
        Matcher place = PLACE.matcher(text);
        int stack = text.indexOf(STACK);
        // What the message itself says may look like a place, an address with its port for one.
        return place.find(Math.max(0, stack)) ? place.group(1) : "";
    }

    private static JsonArray lines(VerticleState each, long after) {
        return new JsonArray(each.log().lines().stream()
                .filter(line -> line.seq() > after)
                .map(VerticleReport::json)
                .toList());
    }

    private static JsonObject json(Tail.Line line) {
        return new JsonObject()
                .put("seq", line.seq())
                .put("at", line.millis())
                .put("level", line.level())
                .put("text", line.text());
    }
}
