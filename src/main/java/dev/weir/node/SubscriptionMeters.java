package dev.weir.node;

import dev.weir.journal.subscription.Tally;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The metrics of subscriptions, each with the label {@code subscription}. */
final class SubscriptionMeters {
    private final MeterRegistry metrics;

    SubscriptionMeters(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void bind(String name, Tally tally) {
        counter("weir_subscription_delivered", "Deliveries, each attempt counted", name, tally, Tally::delivered);
        counter(
                "weir_subscription_redelivered",
                "Deliveries after the first of an event",
                name,
                tally,
                Tally::redelivered);
        counter("weir_subscription_settled", "Events done with, dead letters included", name, tally, Tally::settled);
        counter("weir_subscription_dead_lettered", "Events that became dead letters", name, tally, Tally::deadLettered);
        counter(
                "weir_subscription_skipped",
                "Events that retention took before they were delivered",
                name,
                tally,
                Tally::skipped);
        gauge(
                "weir_subscription_lag",
                "Events between the positions and the heads, on the owner",
                name,
                tally,
                Tally::lag);
        gauge(
                "weir_subscription_in_flight",
                "Deliveries that consumers have, on the owner",
                name,
                tally,
                Tally::inFlight);
        gauge(
                "weir_subscription_deferred",
                "Deliveries that wait for another attempt, on the owner",
                name,
                tally,
                Tally::deferred);
    }

    private void counter(String what, String description, String name, Tally tally, ToDoubleFunction<Tally> value) {
        FunctionCounter.builder(what, tally, value)
                .description(description)
                .tag("subscription", name)
                .register(metrics);
    }

    private void gauge(String what, String description, String name, Tally tally, ToDoubleFunction<Tally> value) {
        Gauge.builder(what, tally, value)
                .description(description)
                .tag("subscription", name)
                .register(metrics);
    }
}
