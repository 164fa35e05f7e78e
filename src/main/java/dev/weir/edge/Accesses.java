package dev.weir.edge;

import dev.weir.bus.AccessLog;
import dev.weir.bus.HttpAccess;
import dev.weir.bus.Principal;
import dev.weir.bus.Redaction;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notes how each request of one event loop ends and tells the access log, tokens taken out. A WebSocket is told when it opens, a
 * stream when it ends. While nobody listens to the log it costs one look. Owned by its event loop.
 */
public final class Accesses {
    private static final int SWITCHED = 101;
    /** The client left before it was answered; nginx made the number known. */
    private static final int CLIENT_LEFT = 499;

    private static final Duration SWEEP = Duration.ofSeconds(5);

    private static final class Open {
        private final HttpServerRequest request;
        private final long startNanos;
        private @Nullable String subject;

        private Open(HttpServerRequest request, long startNanos) {
            this.request = request;
            this.startNanos = startNanos;
        }
    }

    private final AccessLog log;
    private final TrustedProxies proxies;
    private final Clock clock;
    /** By response: the router wraps requests, but not their responses. */
    private final IdentityHashMap<HttpServerResponse, Open> open = new IdentityHashMap<>();

    private final Consumer<HttpConnection> upgraded;

    /** @param upgraded told of connections that became WebSockets */
    Accesses(AccessLog log, TrustedProxies proxies, Clock clock, Timers timers, Consumer<HttpConnection> upgraded) {
        this.log = log;
        this.proxies = proxies;
        this.clock = clock;
        this.upgraded = upgraded;
        timers.every(SWEEP, this::sweep);
    }

    /** Whoever answers may have taken the handler that tells when the client leaves, as SockJS streams do. */
    private void sweep() {
        if (!open.isEmpty()) {
            open.values().stream()
                    .map(each -> each.request)
                    .filter(request ->
                            request.response().closed() || request.response().ended())
                    .toList()
                    .forEach(this::ended);
        }
    }

    /** A request's head came. */
    void begin(HttpServerRequest request) {
        if (log.isOn()) {
            open.put(request.response(), new Open(request, clock.nanos()));
        }
    }

    /** The router has it. */
    void routed(RoutingContext routing) {
        if (!open.isEmpty() && open.containsKey(routing.response())) {
            routing.addEndHandler(done -> ended(routing.request()));
        }
    }

    /** An upgrade took it, and may have answered it already. */
    void taken(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (open.isEmpty() || !open.containsKey(response)) {
            return;
        }
        if (response.ended()) {
            ended(request);
        } else {
            response.endHandler(done -> ended(request)).closeHandler(gone -> ended(request));
        }
    }

    /** Its token is good. */
    void signedIn(HttpServerRequest request, Principal who) {
        Open known = open.get(request.response());
        if (known != null) {
            known.subject = who.sub();
        }
    }

    /** It became a WebSocket. */
    public void upgraded(HttpServerRequest request) {
        tell(request, SWITCHED, 0);
        upgraded.accept(request.connection());
    }

    private void ended(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        tell(request, response.headWritten() ? response.getStatusCode() : CLIENT_LEFT, response.bytesWritten());
    }

    private void tell(HttpServerRequest request, int status, long bytes) {
        Open done = open.remove(request.response());
        if (done == null) {
            return;
        }
        String path = request.path();
        String query = request.query();
        String agent = request.getHeader(HttpHeaders.USER_AGENT);
        log.tell(new HttpAccess(
                request.method().name(),
                Redaction.text(path == null ? "" : path),
                query == null ? null : Redaction.query(query),
                status,
                bytes,
                (clock.nanos() - done.startNanos) / 1_000,
                proxies.client(request.remoteAddress(), request.headers()),
                agent == null ? null : Redaction.text(agent),
                done.subject));
    }
}
