package dev.weir.edge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Cross-origin requests to the HTTP interface: the same origins as for the bridge, decided by the {@link Gate}. A page of any
 * other origin is refused before anything is looked at. Owned by its event loop.
 */
public final class Cors {
    private static final String METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String MAX_AGE_SECONDS = "600";
    private static final String EXPOSED = "Retry-After, Allow, ce-id, ce-source, ce-type, ce-time";

    private final Gate gate;
    private final boolean anyOrigin;

    /** The rules of one event loop. */
    public Cors(LoopServices loop) {
        this.gate = loop.gate();
        this.anyOrigin = loop.edge().config().origins().contains("*");
    }

    /** For a router: goes on with requests that are allowed and are no preflight. */
    public void handle(RoutingContext routing) {
        if (!answered(routing.request(), routing.response())) {
            routing.next();
        }
    }

    /** Adds the headers of the answer; true when the request was a preflight or refused and so is answered. */
    public boolean answered(HttpServerRequest request, HttpServerResponse response) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return false;
        }
        response.putHeader(HttpHeaders.VARY, "Origin");
        if (!gate.allowsOrigin(request)) {
            Refusal refusal =
                    new Refusal(FailureCode.ACCESS_DENIED, "this origin may not use this server; see http.origins");
            ProblemResponses.answer(response, refusal.code().httpStatus(), refusal);
            return true;
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, anyOrigin ? "*" : origin);
        if (!anyOrigin) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        return preflight(request, response);
    }

    private static boolean preflight(HttpServerRequest request, HttpServerResponse response) {
        if (!request.method().equals(HttpMethod.OPTIONS)
                || !request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)) {
            return false;
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        String wanted = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        if (wanted != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS)
                .setStatusCode(204)
                .end();
        return true;
    }
}
