package dev.weir.edge.bridge;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The bridge of vertx-web as its documentation sets it up: what Weir's is held against. */
final class StockNode implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    /**
     * @param addresses what clients may publish and send to
     * @param heard what they may register
     */
    StockNode(String addresses, String heard, int registrations, long replyTimeoutMillis) throws TimeoutException {
        SockJSBridgeOptions options = new SockJSBridgeOptions()
                .addInboundPermitted(new PermittedOptions().setAddressRegex(addresses))
                .addOutboundPermitted(new PermittedOptions().setAddressRegex(heard))
                .setMaxHandlersPerSocket(registrations)
                .setPingTimeout(60_000)
                .setReplyTimeout(replyTimeoutMillis);
        Router router = Router.router(vertx);
        router.post().handler(BodyHandler.create(false));
        router.route("/eventbus/*").subRouter(SockJSHandler.create(vertx).bridge(options));
        server = vertx.createHttpServer(new HttpServerOptions().setMaxWebSocketMessageSize(2 << 20))
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .await(60, TimeUnit.SECONDS);
    }

    Vertx vertx() {
        return vertx;
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(60, TimeUnit.SECONDS);
    }
}
