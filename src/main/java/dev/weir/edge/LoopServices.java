package dev.weir.edge;

import dev.weir.edge.fanout.Fanout;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the edges of one event loop share.
 *
 * @param vertx the instance
 * @param edge what all loops share
 * @param fanout the groups of this loop
 * @param sessions the sessions of this loop
 * @param presence which sessions of this loop watch who is where
 * @param gate who may connect
 * @param accesses notes how requests end
 * @param bodies ends requests whose body does not come
 * @param upgrades who is asked first about a request, before any route; the first that answers true has taken it over
 */
public record LoopServices(
        Vertx vertx,
        EdgeServices edge,
        Fanout fanout,
        Sessions sessions,
        PresenceDesk presence,
        Gate gate,
        Accesses accesses,
        SlowBodies bodies,
        List<Predicate<HttpServerRequest>> upgrades) {}
