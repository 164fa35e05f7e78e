package dev.weir.node;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Authorizer;
import dev.weir.bus.Counters;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Policies;
import dev.weir.bus.Publisher;
import dev.weir.flow.Flows;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The parts of a node that everything else is built on. Made once, shared by all verticles.
 *
 * @param id names the node in the cluster
 * @param policies replaced on reload
 * @param flows those in force, replaced on reload
 */
record Node(
        Vertx vertx,
        String id,
        Clock clock,
        Timers timers,
        AtomicReference<Policies> policies,
        Authorizer authorizer,
        Counters counters,
        AccessLog accesses,
        Publisher publisher,
        LocalAnswers answers,
        AtomicReference<Flows> flows) {
    static Node create(Vertx vertx, String id, Policies initial) {
        Clock clock = Clock.of(vertx);
        AtomicReference<Policies> policies = new AtomicReference<>(initial);
        Authorizer authorizer = new Authorizer(vertx, clock, policies);
        Counters counters = new Counters().share(vertx);
        Publisher publisher = new Publisher(vertx, clock, authorizer, counters);
        return new Node(
                vertx,
                id,
                clock,
                Timers.of(vertx),
                policies,
                authorizer,
                counters,
                new AccessLog(),
                publisher,
                new LocalAnswers(vertx),
                new AtomicReference<>(Flows.NONE));
    }
}
