package dev.weir.observe.overview;

import com.sun.management.OperatingSystemMXBean;
import dev.weir.bus.Counters;
import dev.weir.observe.Load;
import dev.weir.observe.overview.Reading.Levels;
import dev.weir.observe.overview.Reading.Totals;
import dev.weir.time.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reads what the node counts anyway. Owned by the event loop of the overview, which alone takes the worst lag. */
final class Gauges {
    private static final String KEPT = "weir_journal_events";
    private static final String COMMIT = "weir_journal_commit";
    private static final String WAITING = "weir_journal_waiting_bytes";
    private static final String UP = "weir_journal_up";
    private static final String LETTERS = "weir_dead_letters";
    private static final String FLOW_LAG = "weir_flow_lag";
    private static final String FLOW_STOPPED = "weir_flow_stopped";
    private static final String BREAKER = "weir_flow_breaker";
    private static final List<String> BREAKER_STATES = List.of("closed", "half-open", "open");
    private static final double MILLIS_PER_SECOND = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Clock clock;
    private final Counters counters;
    private final Load load;
    private final MeterBook meters;
    private final Supplier<JsonArray> ofVerticles;
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();

    /** @param ofVerticles the circuit breakers that verticles made */
    Gauges(Clock clock, Counters counters, Load load, MeterRegistry registry, Supplier<JsonArray> ofVerticles) {
        this.ofVerticles = ofVerticles;
        this.clock = clock;
        this.counters = counters;
        this.load = load;
        this.meters =
                new MeterBook(registry, Set.of(KEPT, COMMIT, WAITING, UP, LETTERS, FLOW_LAG, FLOW_STOPPED, BREAKER));
    }

    Reading read() {
        double gcMillis = collectors.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        Totals totals = new Totals(
                counters.accepted.sum(),
                counters.delivered.sum(),
                counters.refusals(),
                meters.sum(KEPT),
                meters.timed(COMMIT),
                meters.timedMillis(COMMIT),
                gcMillis / MILLIS_PER_SECOND,
                system.getProcessCpuTime() / NANOS_PER_SECOND);
        Levels levels = new Levels(
                counters.sessions(),
                meters.sum(WAITING),
                meters.sum(FLOW_LAG),
                meters.sum(LETTERS),
                load.takeWorstMillis(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        return new Reading(clock.nanos(), totals, levels, counters.delivery.counts());
    }

    /** What is told beside figures: the journal, the flows and the breakers that the node has. */
    JsonObject parts() {
        JsonObject parts = new JsonObject();
        if (!meters.all(UP).isEmpty()) {
            parts.put("journal", new JsonObject().put("up", meters.sum(UP) > 0));
        }
        if (!meters.all(FLOW_STOPPED).isEmpty()) {
            parts.put("flows", flows());
        }
        JsonArray breakers = breakers();
        if (!breakers.isEmpty()) {
            parts.put("breakers", breakers);
        }
        return parts;
    }

    private JsonObject flows() {
        Set<String> stopped = new TreeSet<>();
        Set<String> all = new TreeSet<>();
        meters.all(FLOW_STOPPED).forEach(meter -> {
            String flow = String.valueOf(meter.getId().getTag("flow"));
            all.add(flow);
            if (MeterBook.value(meter) > 0) {
                stopped.add(flow);
            }
        });
        return new JsonObject().put("count", all.size()).put("stopped", new JsonArray(new ArrayList<>(stopped)));
    }

    private JsonArray breakers() {
        JsonArray breakers = new JsonArray();
        meters.all(BREAKER).forEach(meter -> {
            int state = Math.max(0, Math.min(BREAKER_STATES.size() - 1, (int) MeterBook.value(meter)));
            breakers.add(new JsonObject()
                    .put("flow", meter.getId().getTag("flow"))
                    .put("stage", meter.getId().getTag("stage"))
                    .put("state", BREAKER_STATES.get(state)));
        });
        return breakers.addAll(ofVerticles.get());
    }
}
