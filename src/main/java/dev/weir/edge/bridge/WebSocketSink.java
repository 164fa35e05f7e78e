package dev.weir.edge.bridge;

import dev.weir.edge.CloseCode;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.fanout.Framing;
import dev.weir.edge.fanout.Outlet;
import dev.weir.edge.fanout.WireFormat;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket, raw or SockJS-framed. Data frames leave through the outlet only; Vert.x sends ping, pong and close. Owned by the
 * session's event loop.
 */
final class WebSocketSink implements SessionSink {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketSink.class);
    private static final String ENCODER = "wsencoder";
    private static final String SOCKJS_GO_AWAY = "c[3000,\"Go away!\"]";

    private final ServerWebSocket socket;
    private final WireFormat format;
    private final Outlet outlet;
    private final @Nullable ChannelHandlerContext encoder;
    private @Nullable BridgeSession session;
    private boolean speaksWeir;

    WebSocketSink(ServerWebSocket socket, WireFormat wanted, EdgeServices edge) {
        this.socket = socket;
        this.encoder = encoderOf(socket);
        long bound = edge.config().sessionQueue().bytes();
        ChannelHandlerContext fast = encoder;
        if (fast == null) {
            LOG.warn("Netty's WebSocket encoder cannot be had, so this session takes the slower public API");
            this.format = WireFormat.LINE;
            this.outlet = new LineOutlet(bound, edge.counters(), this::writeSlowly, this::abort);
        } else {
            this.format = wanted;
            FastOutlet direct = new FastOutlet(wanted, bound, edge.counters(), fast, this);
            this.outlet = direct;
            fast.pipeline().addBefore("handler", "weir-writability", new Writability(direct));
        }
    }

    void attach(BridgeSession owner) {
        this.session = owner;
        if (outlet instanceof LineOutlet line) {
            line.onRequest(owner::awaitsReply);
        }
    }

    BridgeSession session() {
        return Objects.requireNonNull(session, "a sink has its session before anything is delivered");
    }

    WireFormat format() {
        return format;
    }

    boolean speaksWeir() {
        return speaksWeir;
    }

    void markSpeaksWeir() {
        speaksWeir = true;
    }

    @Override
    public Outlet outlet() {
        return outlet;
    }

    @Override
    public void close(CloseCode why) {
        if (format == WireFormat.SOCKJS) {
            outlet.offer(Framing.text(SOCKJS_GO_AWAY));
        }
        socket.close(why.number(), why.reason()).onFailure(WebSocketSink::alreadyGone);
    }

    private static void alreadyGone(Throwable failure) {
        LOG.debug("the socket was closed before", failure);
    }

    /** Ends the session although its socket takes no more bytes, so the reason may not arrive. */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // The close handler hears of the end, whatever becomes of this promise.
    void abort(CloseCode why) {
        socket.close(why.number(), why.reason()).onFailure(WebSocketSink::alreadyGone);
        ChannelHandlerContext fast = encoder;
        if (fast != null) {
            fast.channel().close(fast.voidPromise());
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

    private io.vertx.core.Future<Void> writeSlowly(String message) {
        return socket.writeTextMessage(message);
    }

    private static @Nullable ChannelHandlerContext encoderOf(ServerWebSocket socket) {
        return socket instanceof WebSocketInternal internal
                ? internal.channelHandlerContext().pipeline().context(ENCODER)
                : null;
    }

    /** Tells the outlet when Netty's outbound buffer has room again. */
    private static final class Writability extends ChannelInboundHandlerAdapter {
        private final Outlet outlet;

        Writability(Outlet outlet) {
            this.outlet = outlet;
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                outlet.drained();
            }
            context.fireChannelWritabilityChanged();
        }
    }
}
