package dev.weir.edge.bridge;

import dev.weir.edge.CloseCode;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.fanout.Outlet;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;

/** A session over one of SockJS's polling and streaming transports, which vertx-web frames. Owned by its event loop. */
final class SockJsSink implements SessionSink {
    private final SockJSSocket socket;
    private final LineOutlet outlet;

    SockJsSink(SockJSSocket socket, EdgeServices edge) {
        this.socket = socket;
        this.outlet = new LineOutlet(
                edge.config().sessionQueue().bytes(), edge.counters(), message -> socket.write(message), this::close);
    }

    void attach(BridgeSession session) {
        outlet.onRequest(session::awaitsReply);
    }

    @Override
    public Outlet outlet() {
        return outlet;
    }

    @Override
    public void close(CloseCode why) {
        socket.close(why.number(), why.reason());
    }

    @Override
    public void beat() {
        // vertx-web sends the heartbeats of its transports itself.
    }

    @Override
    public void pause() {
        socket.pause();
    }

    @Override
    public void resume() {
        socket.resume();
    }
}
