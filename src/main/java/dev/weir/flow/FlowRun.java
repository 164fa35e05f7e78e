package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.time.Clock;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a flow is doing on this node, over all its lanes there. Written by the flow's event loop, read by any thread. */
final class FlowRun {
    private static final Logger LOG = LoggerFactory.getLogger(FlowRun.class);
    private static final long QUIET_MILLIS = 60_000;
    private static final int WARNINGS = 20;

    private final String flow;
    private final Clock clock;
    private final FlowMeters meters;
    private Consumer<RunningLane> lost = lane -> {};
    private final Map<String, StageCounts> stages = new ConcurrentHashMap<>();
    private final Map<String, Long> warned = new ConcurrentHashMap<>();
    private final Deque<JsonObject> warnings = new ConcurrentLinkedDeque<>();
    private final Count taken = new Count();
    private final Count commits = new Count();
    private final Count committed = new Count();
    private final Count unkept = new Count();
    private volatile @Nullable String stopped;
    private volatile boolean paused;
    private volatile int partitions;
    private volatile long lag;
    private volatile long dropped;

    FlowRun(String flow, Clock clock, FlowMeters meters) {
        this.flow = flow;
        this.clock = clock;
        this.meters = meters;
        meters.counter("weir_flow_events", "Events that flows took", flow, null, taken::get);
        meters.counter("weir_flow_commits", "Commits of journaled flows", flow, null, commits::get);
        meters.counter(
                "weir_flow_unkept", "Events that died where nothing keeps dead letters", flow, null, unkept::get);
        meters.gauge("weir_flow_lag", "Events that wait before a flow", flow, null, () -> lag);
        meters.gauge(
                "weir_flow_queue_dropped",
                "Events of plain addresses dropped at a full queue",
                flow,
                null,
                () -> dropped);
        meters.gauge("weir_flow_partitions", "Partitions that this node has", flow, null, () -> partitions);
        meters.gauge("weir_flow_stopped", "1 when a flow stopped by itself", flow, null, () -> stopped == null ? 0 : 1);
    }

    /** Says who hears of lanes that must begin anew. */
    void onLost(Consumer<RunningLane> listener) {
        lost = listener;
    }

    void taken() {
        taken.increment();
    }

    void committed(int events) {
        commits.increment();
        committed.add(events);
    }

    /** Why the flow stopped by itself; null while it did not. */
    @Nullable
    String whyStopped() {
        return stopped;
    }

    boolean isStopped() {
        return stopped != null;
    }

    void stopped(String why) {
        if (stopped == null) {
            stopped = why;
            LOG.error("flow {} stopped: {}; mend what is wrong and resume it", flow, why);
        }
    }

    void paused(boolean now) {
        paused = now;
    }

    boolean isPaused() {
        return paused;
    }

    /** How it stands, told every few seconds. */
    void state(int ownPartitions, long lagNow, long droppedNow) {
        partitions = ownPartitions;
        lag = lagNow;
        dropped = droppedNow;
    }

    /** How many events wait before it. */
    long lag() {
        return lag;
    }

    void resumed() {
        stopped = null;
    }

    void lost(RunningLane lane) {
        lost.accept(lane);
    }

    /** An event died and there is nowhere to keep it, or it cannot be kept. */
    void unkept(FlowCommit.Dead letter) {
        unkept.increment();
        warn("an event is dropped, since it cannot be kept as a dead letter here: "
                + letter.failures().get(letter.failures().size() - 1).error());
    }

    /** Says it, the same at most once a minute. */
    void warn(String what) {
        long now = clock.millis();
        Long before = warned.get(what);
        if (before != null && now - before < QUIET_MILLIS) {
            return;
        }
        if (warned.size() > 1_000) {
            warned.clear();
        }
        warned.put(what, now);
        warnings.addLast(new JsonObject().put("at", now).put("what", what));
        while (warnings.size() > WARNINGS) {
            warnings.removeFirst();
        }
        LOG.warn("flow {}: {}", flow, what);
    }

    StageCounts counts(StageSpec stage) {
        return stages.computeIfAbsent(stage.id(), this::newCounts);
    }

    private StageCounts newCounts(String stage) {
        StageCounts made = new StageCounts();
        meters.counter("weir_flow_stage_in", "Events that came to a stage", flow, stage, made.in::get);
        meters.counter("weir_flow_stage_out", "Events that a stage gave on", flow, stage, made.out::get);
        meters.counter("weir_flow_stage_dropped", "Events that ended at a stage", flow, stage, made.dropped::get);
        meters.counter("weir_flow_stage_errors", "Errors of a stage, each attempt", flow, stage, made.errors::get);
        meters.counter("weir_flow_stage_retries", "Attempts after the first", flow, stage, made.retries::get);
        meters.counter("weir_flow_stage_dead_lettered", "Events that became dead letters", flow, stage, made.dead::get);
        meters.counter(
                "weir_flow_stage_evicted", "Keys that a stage forgot at its bound", flow, stage, made.evicted::get);
        meters.gauge("weir_flow_stage_keys", "Keys that a stage remembers", flow, stage, () -> made.keys);
        meters.gauge("weir_flow_stage_held", "Events that wait at a stage", flow, stage, () -> made.held);
        made.onBreaker(() -> meters.gauge(
                "weir_flow_breaker",
                "A stage's circuit breaker: 0 closed, 1 half-open, 2 open",
                flow,
                stage,
                made::openness));
        return made;
    }

    Map<String, StageCounts> stages() {
        return stages;
    }

    /** As it is shown. */
    JsonObject toJson() {
        String why = stopped;
        JsonObject json = new JsonObject()
                .put("state", why != null ? "stopped" : paused ? "paused" : partitions == 0 ? "elsewhere" : "running")
                .put("partitions", partitions)
                .put("lag", lag)
                .put("dropped", dropped)
                .put("taken", taken.get())
                .put("commits", commits.get())
                .put("committed", committed.get())
                .put("unkept", unkept.get());
        if (why != null) {
            json.put("stopped", why);
        }
        JsonObject each = new JsonObject();
        stages.forEach((id, counts) -> each.put(id, counts.toLiveJson()));
        json.put("stages", each);
        JsonArray told = new JsonArray();
        warnings.forEach(told::add);
        return json.put("warnings", told);
    }
}
