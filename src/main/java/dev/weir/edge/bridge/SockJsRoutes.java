package dev.weir.edge.bridge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.EdgeRoutes;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.Gate;
import dev.weir.edge.LoopServices;
import dev.weir.edge.ProblemResponses;
import dev.weir.edge.SecurityHeaders;
import dev.weir.edge.SessionInfo;
import dev.weir.edge.SlowBodies;
import dev.weir.edge.fanout.WireFormat;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The transports of SockJS that are not WebSockets: {@code /info}, the iframe page, XHR and EventSource streaming and polling.
 * vertx-web's own WebSocket routes stay enabled so that {@code /info} says so, and are never reached: {@link BridgeRoutes} takes
 * every upgrade before the router sees it.
 */
public final class SockJsRoutes implements EdgeRoutes {
    private static final String LIBRARY = "/webjars/sockjs-client/dist/sockjs.min.js";

    private static final String GREETING = "Welcome to SockJS!\n";
    private static final Pattern WEBSOCKET = Pattern.compile("/websocket/?$");

    /** Answers behind which vertx-web ends the connection. */
    private static final Pattern ENDING = Pattern.compile("/(xhr|xhr_streaming|eventsource|htmlfile|jsonp)/?$");

    /** The script of vertx-web's iframe page, as browsers hash it. */
    private static final String IFRAME_SCRIPT = "lYmFXEsqdsgpRcqXPmVFJyV4CiaTNuS5IK/HjT7/fdk=";

    @Override
    public void mount(Router router, LoopServices loop) {
        SockJSHandlerOptions options = new SockJSHandlerOptions()
                .setLibraryURL(LIBRARY)
                .setInsertJSESSIONID(false)
                .setHeartbeatInterval(loop.edge().config().heartbeat().toMillis());
        router.route(BridgeRoutes.ROOT + "/*").handler(SockJsRoutes::refuseUpgrade);
        // vertx-web's greeting wants a slash behind it.
        router.get(BridgeRoutes.ROOT).handler(routing -> routing.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=UTF-8")
                .end(GREETING));
        router.route(BridgeRoutes.ROOT + "/*").handler(routing -> checkOrigin(routing, loop));
        router.route(BridgeRoutes.ROOT + "/*").handler(SockJsRoutes::sayThatItEnds);
        router.post(BridgeRoutes.ROOT + "/*").handler(routing -> watchBody(routing, loop));
        router.post(BridgeRoutes.ROOT + "/*")
                .handler(BodyHandler.create(false)
                        .setBodyLimit(loop.edge().config().maxBody().bytes()));
        router.route(BridgeRoutes.ROOT + "/*")
                .subRouter(SockJSHandler.create(loop.vertx(), options).socketHandler(socket -> open(socket, loop)));
    }

    /**
     * {@link BridgeRoutes} took every WebSocket that may be. What is left is spelled so that only the router, which decodes and
     * shortens paths, would still find the way to vertx-web's WebSockets.
     */
    private static void refuseUpgrade(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (WEBSOCKET.matcher(routing.normalizedPath()).find()
                && (request.canUpgradeToWebSocket() || WebSocketUpgrade.isAskedFor(request))) {
            answerUpgrade(routing, WebSocketUpgrade.isAskedFor(request));
        } else {
            routing.next();
        }
    }

    /** Vert.x takes what only resembles the word for it, too. */
    private static void answerUpgrade(RoutingContext routing, boolean rightWord) {
        if (rightWord) {
            ProblemResponses.answer(routing, 404, null);
        } else {
            ProblemResponses.answer(
                    routing, 400, new Refusal(FailureCode.INVALID_HANDSHAKE, "the header upgrade must be websocket"));
        }
    }

    /** Otherwise a client may send its next request on a connection that is being closed, and lose it. */
    private static void sayThatItEnds(RoutingContext routing) {
        HttpVersion version = routing.request().version();
        if (version != HttpVersion.HTTP_2
                && ENDING.matcher(routing.normalizedPath()).find()) {
            routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        routing.next();
    }

    /** The SockJS handler itself lets every origin in with credentials; only the WebSocket transports would check. */
    private static void checkOrigin(RoutingContext routing, LoopServices loop) {
        if (loop.gate().allowsOrigin(routing.request())) {
            allow(routing.request().getHeader(HttpHeaders.ORIGIN), routing.response());
            SecurityHeaders.ofFrame(
                    routing.response(), IFRAME_SCRIPT, loop.edge().config().origins());
            routing.next();
        } else {
            routing.fail(403, new Refusal(FailureCode.ACCESS_DENIED, "this origin may not connect; see http.origins"));
        }
    }

    /** Some of its transports would leave these out; with credentials, because sockjs-client asks with them. */
    private static void allow(@Nullable String origin, HttpServerResponse response) {
        if (origin != null) {
            response.putHeader(HttpHeaders.VARY, "Origin")
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
    }

    private static void watchBody(RoutingContext routing, LoopServices loop) {
        SockJsBody body = new SockJsBody(routing);
        loop.bodies().begin(body);
        routing.request().end().onComplete(done -> body.arrived());
        routing.next();
    }

    /** Frames that a client sends over HTTP. */
    private static final class SockJsBody extends SlowBodies.Body {
        private final RoutingContext routing;

        SockJsBody(RoutingContext routing) {
            super(routing.request());
            this.routing = routing;
        }

        @Override
        protected void tooSlow(Refusal refusal) {
            ProblemResponses.answer(routing, refusal.code().httpStatus(), refusal);
        }
    }

    private static void open(SockJSSocket socket, LoopServices loop) {
        EdgeServices edge = loop.edge();
        String client = loop.gate().clientOf(socket.remoteAddress(), socket.headers());
        Gate.Entry entry;
        try {
            entry = loop.gate().enter(client);
        } catch (Refusal full) {
            socket.close(4103, full.getMessage());
            return;
        }
        SockJsSink sink = new SockJsSink(socket, edge);
        SessionInfo info = new SessionInfo(
                edge.ids().next(), "sockjs", client, edge.clock().millis());
        BridgeSession session =
                new BridgeSession(loop, info, Principal.ANONYMOUS, sink, new Answers(WireFormat.LINE, sink.outlet()));
        sink.attach(session);
        socket.handler(message -> session.receive(message.toString()));
        socket.closeHandler(gone -> {
            session.closed();
            entry.leave();
            loop.sessions().closed(session);
        });
        socket.pause();
        loop.gate()
                .principal(socket.routingContext().request())
                .onSuccess(who -> begin(socket, session, who, loop))
                .onFailure(badToken -> socket.close());
    }

    /** The token of the first request counts, until a frame brings another one. */
    private static void begin(SockJSSocket socket, BridgeSession session, Principal who, LoopServices loop) {
        if (!session.isClosed()) {
            session.signedIn(who);
            loop.sessions().opened(session);
            socket.resume();
        }
    }
}
