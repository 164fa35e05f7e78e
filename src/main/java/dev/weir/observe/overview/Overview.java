package dev.weir.observe.overview;

import dev.weir.bus.ClusterQuery;
import dev.weir.bus.Counters;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Report;
import dev.weir.observe.Health;
import dev.weir.observe.Load;
import dev.weir.observe.Reports;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * How the node is doing: its figures every two seconds, those of the last hour, and who else is there. Read all the time, since the
 * hour must be there for who comes later; told only while somebody listens. Owned by the event loop it was made on.
 */
public final class Overview {
    private static final Duration EVERY = Duration.ofSeconds(2);

    /**
     * What does not change while the node runs.
     *
     * @param name where it listens, once it does
     * @param version of the program
     */
    public record Identity(Supplier<Optional<String>> name, String version, long startedMillis) {
        JsonObject toJson() {
            JsonObject json = new JsonObject().put("version", version).put("started", startedMillis);
            name.get().ifPresent(known -> json.put("name", known));
            return json;
        }
    }

    /**
     * Where a node's figures come from.
     *
     * @param members ids of all members of the cluster, this node included
     * @param breakers the circuit breakers that verticles made, as {@link dev.weir.bus.Breakers} describes them
     */
    public record Sources(
            Clock clock,
            Counters counters,
            Load load,
            MeterRegistry meters,
            Health health,
            LocalAnswers answers,
            ClusterQuery cluster,
            Supplier<List<String>> members,
            Supplier<JsonArray> breakers) {}

    private final Clock clock;
    private final Identity identity;
    private final Health health;
    private final Gauges gauges;
    private final Neighbours neighbours;
    private final History history = new History();
    private final long beganNanos;
    private final AtomicReference<Figures> endedStep;
    private Reading latest;
    private Figures figures;
    private Reading stepBegan;
    private long step;
    private double worstOfStep;
    private JsonObject untold = new JsonObject();

    private Overview(Identity identity, Sources sources) {
        this.clock = sources.clock();
        this.identity = identity;
        this.health = sources.health();
        this.gauges = new Gauges(clock, sources.counters(), sources.load(), sources.meters(), sources.breakers());
        this.neighbours = new Neighbours(clock, sources.cluster(), sources.members(), sources.answers(), this::who);
        this.beganNanos = clock.nanos();
        this.latest = gauges.read();
        this.stepBegan = latest;
        this.figures = latest.since(latest);
        this.endedStep = new AtomicReference<>(figures);
    }

    /** Begins to read the figures of a node, and to tell whoever listens, on the caller's event loop. */
    public static void begin(Identity identity, Sources sources, Timers timers, Reports reports) {
        Overview overview = new Overview(identity, sources);
        overview.show(sources.meters(), "0.5", Figure.P50);
        overview.show(sources.meters(), "0.99", Figure.P99);
        overview.neighbours.look();
        timers.every(EVERY, overview::look);
        reports.add(Report.OVERVIEW, EVERY, overview::news, overview::whole);
    }

    private void show(MeterRegistry meters, String quantile, Figure figure) {
        Gauge.builder("weir_delivery_ms", endedStep, ended -> Objects.requireNonNull(ended.get(), "never null")
                        .get(figure))
                .description("From the bus to the sockets of sessions, over the last ten seconds")
                .tag("quantile", quantile)
                .strongReference(true)
                .register(meters);
    }

    private void look() {
        Reading now = gauges.read();
        figures = now.since(latest);
        latest = now;
        worstOfStep = Math.max(worstOfStep, now.loop());
        long current = (now.nanos() - beganNanos) / History.STEP.toNanos();
        boolean ended = current > step;
        if (ended) {
            endStep(now, current);
        }
        neighbours.look();
        untold = described().put("now", figures.toJson());
        if (ended) {
            untold.put(
                    "ended",
                    Objects.requireNonNull(endedStep.get(), "never null").toJson());
        }
    }

    /** The step in which the last reading before was is over; what was read late counts to it. */
    private void endStep(Reading now, long current) {
        Figures ofStep = now.since(stepBegan).put(Figure.LOOP, worstOfStep);
        history.add(current - 1, ofStep);
        endedStep.set(ofStep);
        stepBegan = now;
        step = current;
        worstOfStep = 0;
    }

    private JsonObject news() {
        JsonObject news = untold;
        untold = new JsonObject();
        return news;
    }

    private JsonObject whole() {
        return described()
                .put("now", figures.toJson())
                .put("cpus", Runtime.getRuntime().availableProcessors())
                .put("heapMax", Runtime.getRuntime().maxMemory())
                .put("every", History.STEP.toMillis())
                .put("history", history.toJson());
    }

    /** What others are told that see this node come: who it is, once it serves. */
    private JsonObject who() {
        return isStarting(health.report()) ? new JsonObject().put(Neighbours.STARTING, true) : identity.toJson();
    }

    private static boolean isStarting(JsonObject report) {
        return report.getJsonArray("reasons").stream()
                .anyMatch(reason -> reason instanceof JsonObject json && "start".equals(json.getString("check")));
    }

    /** What is told each time; the last step of the history is the one before {@code step}. */
    private JsonObject described() {
        JsonObject report = health.report();
        JsonArray reasons = report.getJsonArray("reasons");
        return identity.toJson()
                .put("at", clock.millis())
                .put("state", isStarting(report) ? "starting" : reasons.isEmpty() ? "up" : "not-ready")
                .put("reasons", reasons)
                .put("warnings", report.getJsonArray("warnings"))
                .put("members", neighbours.present())
                .put("gone", neighbours.gone())
                .put("step", step)
                .mergeIn(gauges.parts());
    }
}
