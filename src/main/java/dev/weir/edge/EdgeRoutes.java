package dev.weir.edge;

import io.vertx.ext.web.Router;

/** Adds one edge to the routes of an event loop's server. */
@FunctionalInterface
public interface EdgeRoutes {
    /** Called once per event loop, on it, at start. */
    void mount(Router router, LoopServices loop);
}
