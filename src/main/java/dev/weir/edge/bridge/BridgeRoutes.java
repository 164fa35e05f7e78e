package dev.weir.edge.bridge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.CloseCode;
import dev.weir.edge.EdgeRoutes;
import dev.weir.edge.Gate;
import dev.weir.edge.LoopServices;
import dev.weir.edge.ProblemResponses;
import dev.weir.edge.Session;
import dev.weir.edge.SessionInfo;
import dev.weir.edge.fanout.Fanout;
import dev.weir.edge.fanout.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bridge's routes: {@code /eventbus/websocket} raw, {@code /eventbus/<server>/<session>/websocket} SockJS-framed. */
public final class BridgeRoutes implements EdgeRoutes {
    /** Where the bridge lives. */
    public static final String ROOT = "/eventbus";

    private static final Logger LOG = LoggerFactory.getLogger(BridgeRoutes.class);
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final String RAW = ROOT + "/websocket";
    private static final String SOCKJS_OPEN = "o";
    private static final Pattern SOCKJS_WEBSOCKET = Pattern.compile(ROOT + "/[^/.]+/[^/.]+/websocket");

    private final AtomicBoolean saidSlow = new AtomicBoolean();

    @Override
    public void mount(Router router, LoopServices loop) {
        // Ahead of the router: its wrapper around the request would hide the Netty channel of the WebSocket.
        loop.upgrades().add(request -> {
            WireFormat format = formatOf(request);
            if (format != null) {
                upgrade(request, loop, format);
            }
            return format != null;
        });
        long pingNanos = loop.edge().config().pingTimeout().toNanos();
        Heartbeats heartbeats = new Heartbeats(loop.edge().config().heartbeat(), BridgeSession::beat);
        Heartbeats positions = new Heartbeats(Fanout.QUIET, BridgeSession::tellPositions);
        loop.edge().timers().every(SWEEP, () -> {
            loop.sessions()
                    .closeSilent(loop.edge().clock().nanos() - pingNanos, session -> session instanceof BridgeSession);
            List<Session> sessions = loop.sessions().all();
            heartbeats.secondPassed(sessions);
            positions.secondPassed(sessions);
        });
    }

    /** The wire format of a bridge WebSocket, null when the request is for somebody else. */
    private static @Nullable WireFormat formatOf(HttpServerRequest request) {
        String path = request.path();
        if (path == null || !path.startsWith(ROOT) || !WebSocketUpgrade.isAskedFor(request)) {
            return null;
        }
        // With a slash behind it stock bridges take it too.
        if (path.equals(RAW) || path.equals(RAW + "/")) {
            return WireFormat.RAW;
        }
        return SOCKJS_WEBSOCKET.matcher(path).matches() ? WireFormat.SOCKJS : null;
    }

    private void upgrade(HttpServerRequest request, LoopServices loop, WireFormat format) {
        if (!loop.gate().allowsOrigin(request)) {
            refuse(request, new Refusal(FailureCode.ACCESS_DENIED, "this origin may not connect; see http.origins"));
            return;
        }
        Future<Principal> known = loop.gate().principal(request);
        if (!known.isComplete()) {
            request.pause();
        }
        known.onComplete(done -> {
            request.resume();
            if (request.response().closed()) {
                return;
            }
            try {
                if (done.failed()) {
                    refuse(request, done.cause());
                    return;
                }
                accept(
                        request,
                        loop,
                        format,
                        done.result(),
                        loop.gate().enter(loop.gate().clientOf(request)));
            } catch (Refusal refusal) {
                refuse(request, refusal);
            }
        });
    }

    private void accept(
            HttpServerRequest request, LoopServices loop, WireFormat format, Principal who, Gate.Entry entry) {
        String client = loop.gate().clientOf(request);
        // Composed, so that the entry is given back whatever is thrown.
        Future.succeededFuture()
                .compose(entered -> WebSocketUpgrade.accept(request, format, loop.edge(), this::saySlow))
                .map(sink -> {
                    loop.accesses().upgraded(request);
                    open(sink, client, who, loop, format, entry);
                    return sink;
                })
                .onFailure(failure -> {
                    entry.leave();
                    LOG.debug("the handshake failed", failure);
                });
    }

    /** Once per node: what is so for one session is so for all. */
    private void saySlow() {
        if (saidSlow.compareAndSet(false, true)) {
            LOG.warn("Netty's channel cannot be had, so sessions take the slower public API");
        }
    }

    private static void refuse(HttpServerRequest request, Throwable failure) {
        Refusal refusal = failure instanceof Refusal known ? known : new Refusal(FailureCode.UNAVAILABLE);
        ProblemResponses.answer(request.response(), refusal.code().httpStatus(), refusal);
    }

    private static void open(
            SocketSink sink, String client, Principal who, LoopServices loop, WireFormat format, Gate.Entry entry) {
        SessionInfo info = new SessionInfo(
                loop.edge().ids().next(),
                format == WireFormat.RAW ? "websocket" : "sockjs-websocket",
                client,
                loop.edge().clock().millis());
        Answers answers = new Answers(sink.format(), sink.outlet());
        BridgeSession session = new BridgeSession(loop, info, who, sink, answers);
        sink.attach(session, receiver(session, format), () -> {
            session.closed();
            entry.leave();
            loop.sessions().closed(session);
        });
        loop.sessions().opened(session);
        if (format == WireFormat.SOCKJS) {
            sink.greet(SOCKJS_OPEN);
        }
    }

    private static Consumer<String> receiver(BridgeSession session, WireFormat format) {
        return format == WireFormat.SOCKJS
                ? new SockJsFrames(session::receive, () -> session.close(CloseCode.PROTOCOL))::receive
                : session::receive;
    }
}
