package dev.weir.edge;

import dev.weir.bus.Spans;
import dev.weir.edge.fanout.Fanout;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of one event loop: static files, and the edges that node wiring mounts on it. All loops share one port; the
 * kernel or Vert.x spreads connections over them.
 */
public final class HttpVerticle extends VerticleBase {
    /** How long clients have to take the last bytes and close frames. */
    private static final int DRAIN_SECONDS = 2;

    private final EdgeServices edge;
    private final HttpServerOptions options;
    private final List<EdgeRoutes> routes;
    private final Listening listening;
    private @Nullable Sessions sessions;
    private @Nullable HttpServer server;

    /**
     * @param options of the server, TLS included
     * @param routes the edges, in the order they are asked
     * @param listening told of the server
     */
    public HttpVerticle(EdgeServices edge, HttpServerOptions options, List<EdgeRoutes> routes, Listening listening) {
        this.edge = edge;
        this.options = options;
        this.routes = List.copyOf(routes);
        this.listening = listening;
    }

    @Override
    public Future<?> start() {
        ContextInternal loopContext = (ContextInternal) context;
        Executor nextPass = new NextPass(loopContext);
        Fanout fanout = fanout(loopContext, nextPass);
        Sessions own = new Sessions(edge);
        sessions = own;
        TrustedProxies proxies = TrustedProxies.of(edge.config().trustedProxies());
        Handshakes handshakes = new Handshakes(edge);
        Accesses accesses = new Accesses(edge.accesses(), proxies, edge.clock(), edge.timers(), handshakes::left);
        PresenceDesk presence = new PresenceDesk(edge.roster(), context);
        LoopServices loop = new LoopServices(
                vertx,
                edge,
                fanout,
                own,
                presence,
                new Gate(edge, accesses, proxies),
                accesses,
                new SlowBodies(edge.clock(), edge.timers(), edge.config().bodyTimeout()),
                new ArrayList<>());
        ListenerCensus.answer(edge.answers(), fanout);
        RightsSweep.start(edge, own, fanout);
        Router router = router(loop);
        HttpServer created = server(handshakes, new Arrivals(nextPass));
        created.requestHandler(request -> {
            handshakes.requested(request);
            route(request, loop, router);
        });
        server = created;
        return created.listen().onSuccess(listening::opened);
    }

    private Fanout fanout(ContextInternal loopContext, Executor nextPass) {
        return new Fanout(
                vertx.eventBus(),
                edge.clock(),
                edge.timers(),
                loopContext.nettyEventLoop(),
                nextPass,
                PooledByteBufAllocator.DEFAULT,
                edge.counters(),
                edge.publisher()::journal,
                edge.addresses(),
                Spans.of(vertx));
    }

    private HttpServer server(Handshakes handshakes, Arrivals arrivals) {
        return vertx.createHttpServer(options).connectionHandler(connection -> {
            handshakes.connected(connection);
            arrivals.connected(connection);
        });
    }

    private static void route(HttpServerRequest request, LoopServices loop, Router router) {
        loop.accesses().begin(request);
        if (Queries.refused(request)) {
            return;
        }
        if (loop.upgrades().stream().noneMatch(upgrade -> upgrade.test(request))) {
            router.handle(request);
        } else {
            loop.accesses().taken(request);
        }
    }

    private Router router(LoopServices loop) {
        StaticRoutes files = new StaticRoutes(edge.home().resolve(edge.config().webroot()));
        Router router = Router.router(vertx);
        router.route().failureHandler(new ProblemResponses());
        ProblemResponses.mountErrors(router);
        files.before(router, loop.accesses());
        routes.forEach(each -> each.mount(router, loop));
        files.mount(router, loop);
        return router;
    }

    @Override
    public Future<?> stop() {
        listening.stopping();
        // The server does not know of WebSockets: they have left it at their upgrade.
        Future<Void> drained = sessions == null
                ? Future.succeededFuture()
                : sessions.closeAll(CloseCode.GOING_AWAY, Duration.ofSeconds(DRAIN_SECONDS));
        return server == null ? drained : Future.join(drained, server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS));
    }
}
