package dev.weir.observe;

import dev.weir.bus.BusCensus;
import dev.weir.bus.Departed;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Policies;
import dev.weir.bus.Publisher;
import dev.weir.bus.Roster;
import dev.weir.bus.SubscriptionState;
import dev.weir.bus.Traffic;
import dev.weir.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Where what is told of addresses comes from.
 *
 * @param consumers who consumes from the bus
 * @param edge whether a deployment is one of the edges, whose consumers stand for sessions
 * @param policies those in force
 * @param subscriptions those of this node
 * @param departed what nodes left behind that are gone
 */
public record TrafficSources(
        Clock clock,
        Traffic traffic,
        Publisher publisher,
        LocalAnswers answers,
        BusCensus consumers,
        Predicate<String> edge,
        Roster roster,
        Supplier<Policies> policies,
        Supplier<List<SubscriptionState>> subscriptions,
        Supplier<List<Departed>> departed) {}
