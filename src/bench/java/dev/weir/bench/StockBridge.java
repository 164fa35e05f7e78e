package dev.weir.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;

/**
 * The event bus bridge of vertx-web as its documentation sets it up: what Weir's bridge is measured beside.
 *
 * <p>Arguments: port, number of event loops. One instance per event loop. Owned by {@code scripts/bench}.
 */
public final class StockBridge extends VerticleBase {
    private static final String ADDRESS = "a";
    /** Longer than any run, since the load generator sends no pings. */
    private static final long PING_TIMEOUT_MS = 3_600_000;

    private final int port;

    private StockBridge(int port) {
        this.port = port;
    }

    /** Starts the bridge and keeps running until the process is ended. */
    public static void main(String[] args) {
        int port = Integer.parseInt(args[0]);
        int loops = Integer.parseInt(args[1]);
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops));
        for (int i = 0; i < loops; i++) {
            vertx.deployVerticle(new StockBridge(port)).onFailure(StockBridge::giveUp);
        }
    }

    private static void giveUp(Throwable why) {
        System.err.println("stock bridge: " + why);
        System.exit(1);
    }

    @Override
    public Future<?> start() {
        PermittedOptions permitted = new PermittedOptions().setAddress(ADDRESS);
        SockJSBridgeOptions bridge = new SockJSBridgeOptions()
                .addInboundPermitted(permitted)
                .addOutboundPermitted(permitted)
                .setPingTimeout(PING_TIMEOUT_MS);
        Router router = Router.router(vertx);
        router.route("/eventbus/*").subRouter(SockJSHandler.create(vertx).bridge(bridge));
        HttpServerOptions options = new HttpServerOptions()
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
        return vertx.createHttpServer(options).requestHandler(router).listen(port, "127.0.0.1");
    }
}
