package dev.weir.edge.rest;

import dev.weir.bus.Origin;
import dev.weir.bus.Principal;
import dev.weir.edge.Gate;
import io.vertx.core.http.HttpServerRequest;

/** Where events that come by plain HTTP come from. */
final class HttpOrigin {
    private static final String SOURCE = "/http";

    private HttpOrigin() {}

    /** Clients without a token are told apart by their network address. */
    static Origin of(Gate gate, HttpServerRequest request, Principal who) {
        String sub = who.sub();
        String client = sub == null ? gate.clientOf(request) : sub;
        return new Origin(who, client, SOURCE, null, false);
    }
}
