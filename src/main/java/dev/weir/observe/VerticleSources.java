package dev.weir.observe;

import dev.weir.bus.BusCensus;
import dev.weir.bus.ListenerCounts;
import dev.weir.bus.VerticleState;
import dev.weir.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Where what is told of verticles comes from.
 *
 * @param consumers who consumes from the bus
 * @param edge whether a deployment is one of the edges, whose consumers stand for sessions
 * @param listeners of emitters
 * @param deployed ids of all verticles
 * @param verticles those of the configuration and those that other code deployed
 */
public record VerticleSources(
        Clock clock,
        BusCensus consumers,
        Predicate<String> edge,
        ListenerCounts listeners,
        Supplier<Set<String>> deployed,
        Supplier<List<VerticleState>> verticles) {}
