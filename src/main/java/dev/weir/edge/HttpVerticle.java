package dev.weir.edge;

import dev.weir.edge.fanout.Fanout;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of one event loop: static files, and the edges that node wiring mounts on it. All loops share one port; the
 * kernel or Vert.x spreads connections over them.
 */
public final class HttpVerticle extends VerticleBase {
    private final EdgeServices edge;
    private final HttpServerOptions options;
    private final List<EdgeRoutes> routes;
    private final AtomicInteger port;
    private @Nullable Sessions sessions;
    private @Nullable HttpServer server;

    /**
     * @param options of the server, TLS included
     * @param routes the edges, in the order they are asked
     * @param port set to the port the server got
     */
    public HttpVerticle(EdgeServices edge, HttpServerOptions options, List<EdgeRoutes> routes, AtomicInteger port) {
        this.edge = edge;
        this.options = options;
        this.routes = List.copyOf(routes);
        this.port = port;
    }

    @Override
    public Future<?> start() {
        ContextInternal loopContext = (ContextInternal) context;
        Fanout fanout = new Fanout(
                vertx.eventBus(),
                edge.timers(),
                loopContext.nettyEventLoop(),
                PooledByteBufAllocator.DEFAULT,
                edge.counters());
        Sessions own = new Sessions(edge);
        sessions = own;
        LoopServices loop = new LoopServices(vertx, edge, fanout, own, new Gate(edge), new ArrayList<>());
        ListenerCensus.answer(edge.answers(), fanout);
        Router router = router(loop);
        HttpServer created = vertx.createHttpServer(options).requestHandler(request -> {
            if (loop.upgrades().stream().noneMatch(upgrade -> upgrade.test(request))) {
                router.handle(request);
            }
        });
        server = created;
        return created.listen().onSuccess(listening -> port.set(listening.actualPort()));
    }

    private Router router(LoopServices loop) {
        StaticRoutes files = new StaticRoutes(edge.home().resolve(edge.config().webroot()));
        Router router = Router.router(vertx);
        router.route().failureHandler(new ProblemResponses());
        ProblemResponses.mountErrors(router);
        files.before(router);
        routes.forEach(each -> each.mount(router, loop));
        files.mount(router, loop);
        return router;
    }

    @Override
    public Future<?> stop() {
        if (sessions != null) {
            sessions.closeAll(CloseCode.GOING_AWAY);
        }
        return server == null ? Future.succeededFuture() : server.close();
    }
}
