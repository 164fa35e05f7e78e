package dev.weir.node;

import dev.weir.journal.delayed.Tally;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** Shows what a node counts of events for later. Stateless. */
final class DelayedMeters {
    private DelayedMeters() {}

    static void show(Tally tally, MeterRegistry metrics) {
        counter("weir_delayed_accepted", "Events accepted for later", tally, Tally::accepted, metrics);
        counter("weir_delayed_delivered", "Events whose time came, delivered", tally, Tally::delivered, metrics);
        counter(
                "weir_delayed_late",
                "Events delivered more than a second after their time",
                tally,
                Tally::late,
                metrics);
        counter("weir_delayed_cancelled", "Events for later that were taken back", tally, Tally::cancelled, metrics);
        counter(
                "weir_delayed_postponed",
                "How often an event for later waited on for a policy of its address",
                tally,
                Tally::postponed,
                metrics);
        Gauge.builder("weir_delayed_waiting", tally, Tally::waiting)
                .description("Events that wait for their time, on the node that delivers them")
                .register(metrics);
    }

    private static void counter(
            String name, String description, Tally tally, ToDoubleFunction<Tally> value, MeterRegistry metrics) {
        FunctionCounter.builder(name, tally, value).description(description).register(metrics);
    }
}
