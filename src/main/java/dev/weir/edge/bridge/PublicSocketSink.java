package dev.weir.edge.bridge;

import dev.weir.edge.CloseCode;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.fanout.Outlet;
import dev.weir.edge.fanout.WireFormat;
import io.vertx.core.http.ServerWebSocket;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WebSocket through the public API of Vert.x, for connections whose Netty channel cannot be had. Owned by its event loop. */
final class PublicSocketSink implements SocketSink {
    private static final Logger LOG = LoggerFactory.getLogger(PublicSocketSink.class);

    private final ServerWebSocket socket;
    private final LineOutlet outlet;
    private final boolean sockJs;

    PublicSocketSink(ServerWebSocket socket, boolean sockJs, EdgeServices edge) {
        this.socket = socket;
        this.sockJs = sockJs;
        this.outlet =
                new LineOutlet(edge.config().sessionQueue().bytes(), edge.counters(), this::write, why -> close(why));
    }

    @Override
    public void attach(BridgeSession owner, Consumer<String> receiver, Runnable whenGone) {
        outlet.onRequest(owner::awaitsReply);
        socket.textMessageHandler(receiver::accept);
        socket.binaryMessageHandler(bytes -> receiver.accept(bytes.toString()));
        socket.closeHandler(gone -> whenGone.run());
        socket.exceptionHandler(failure -> close(CloseCode.TOO_LARGE));
    }

    @Override
    public void greet(String text) {
        socket.writeTextMessage(text).onFailure(PublicSocketSink::alreadyGone);
    }

    @Override
    public WireFormat format() {
        return WireFormat.LINE;
    }

    @Override
    public Outlet outlet() {
        return outlet;
    }

    @Override
    public void close(CloseCode why) {
        if (sockJs && why != CloseCode.PROTOCOL) {
            greet(SockJsFrames.GO_AWAY);
        }
        socket.close(why.number(), why.reason()).onFailure(PublicSocketSink::alreadyGone);
    }

    private static void alreadyGone(Throwable failure) {
        LOG.debug("the socket was closed before", failure);
    }

    @Override
    public void beat() {
        if (sockJs) {
            greet(SockJsFrames.HEARTBEAT);
        }
    }

    @Override
    public void pause() {
        socket.pause();
    }

    @Override
    public void resume() {
        socket.resume();
    }

    private io.vertx.core.Future<Void> write(String message) {
        return socket.writeTextMessage(sockJs ? SockJsFrames.wrap(message) : message);
    }
}
