package dev.weir.edge.bridge;

import dev.weir.edge.CloseCode;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.fanout.Framing;
import dev.weir.edge.fanout.Outlet;
import dev.weir.edge.fanout.WireFormat;
import dev.weir.time.Timers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket, raw or SockJS-framed, as a handler of the connection's own Netty channel: it takes in the frames of RFC 6455 that
 * Netty's decoder found and writes finished ones. Vert.x's WebSocket is left out because its two queues per connection weigh
 * more than everything a session of ours needs. Owned by the channel's event loop; the session is called on the Vert.x context.
 */
final class WebSocketSink extends ChannelInboundHandlerAdapter implements SocketSink {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketSink.class);
    private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(3);
    private static final char REPLACEMENT = '\uFFFD';

    private final ContextInternal context;
    private final EdgeServices edge;
    private final ChannelHandlerContext channel;
    private final FastOutlet outlet;
    private @Nullable BridgeSession session;
    private @Nullable Runnable gone;
    private @Nullable Consumer<String> messages;
    private @Nullable ByteBuf parts;
    private @Nullable ByteBuf pong;
    private Timers.@Nullable Timer closing;
    private boolean closeSent;

    /**
     * @param context the verticle's
     * @param channel a context of the channel's pipeline; what is written there goes towards the socket
     */
    WebSocketSink(ContextInternal context, ChannelHandlerContext channel, WireFormat format, EdgeServices edge) {
        this.context = context;
        this.edge = edge;
        this.channel = channel;
        this.outlet = new FastOutlet(format, edge.config().sessionQueue().bytes(), edge.counters(), channel, this);
    }

    @Override
    public void attach(BridgeSession owner, Consumer<String> receiver, Runnable whenGone) {
        session = owner;
        messages = receiver;
        gone = whenGone;
    }

    @Override
    public void greet(String text) {
        outlet.offer(Framing.text(text));
    }

    BridgeSession session() {
        return Objects.requireNonNull(session, "a sink has its session before anything is delivered");
    }

    @Override
    public Outlet outlet() {
        return outlet;
    }

    @Override
    public WireFormat format() {
        return outlet.wireFormat();
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        try {
            if (message instanceof WebSocketFrame frame && !closeSent) {
                received(frame);
            } else if (message instanceof CloseWebSocketFrame) {
                endChannel();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void received(WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame) {
            answer(Framing.pong(frame.content()));
        } else if (frame instanceof CloseWebSocketFrame close) {
            int status = close.statusCode();
            sendClose(status < 0 ? WebSocketCloseStatus.NORMAL_CLOSURE.code() : status, "");
            endChannel();
        } else if (!(frame instanceof PongWebSocketFrame)) {
            data(frame);
        }
    }

    /** A client that does not read gets a pong for its last ping alone once it does, so it cannot make them pile up. */
    private void answer(ByteBuf answer) {
        forgetPong();
        if (channel.channel().isWritable()) {
            send(answer);
        } else {
            pong = answer;
        }
    }

    private void forgetPong() {
        if (pong != null) {
            pong.release();
            pong = null;
        }
    }

    /** Netty's decoder made sure that continuations follow a beginning and nothing else does. */
    private void data(WebSocketFrame frame) {
        ByteBuf begun = parts;
        if (begun == null && frame.isFinalFragment()) {
            deliver(frame.content());
            return;
        }
        int soFar = begun == null ? 0 : begun.readableBytes();
        if (soFar + frame.content().readableBytes() > edge.config().maxBody().intBytes()) {
            close(CloseCode.TOO_LARGE);
            return;
        }
        if (begun == null) {
            begun = channel.alloc().buffer(frame.content().readableBytes() * 2);
            parts = begun;
        }
        begun.writeBytes(frame.content());
        if (frame.isFinalFragment()) {
            parts = null;
            deliver(begun);
            begun.release();
        }
    }

    private void deliver(ByteBuf content) {
        String text = content.toString(StandardCharsets.UTF_8);
        // The decoder puts this character where bytes are not UTF-8; a client may also have sent it as it is.
        if (text.indexOf(REPLACEMENT) >= 0 && !Utf8.isValid(content)) {
            closeWith(WebSocketCloseStatus.INVALID_PAYLOAD_DATA.code(), "the message is not UTF-8");
            return;
        }
        context.emit(text, Objects.requireNonNull(messages, "attached before the channel is read")::accept);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        if (channel.channel().isWritable()) {
            ByteBuf owed = pong;
            pong = null;
            if (owed != null) {
                send(owed);
            }
            outlet.drained();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException corrupt) {
            WebSocketCloseStatus status = corrupt.closeStatus();
            closeWith(status.code(), status.reasonText());
            // The decoder finds no more frames, so not the client's close either: the end of its bytes has to do.
            endOutput();
            return;
        }
        if (!(failure instanceof IOException)) {
            LOG.warn("session {} failed and is closed", session().info().id(), failure);
        }
        endNow();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        closeSent = true;
        if (closing != null) {
            closing.cancel();
        }
        forgetPong();
        if (parts != null) {
            parts.release();
            parts = null;
        }
        Runnable told = gone;
        gone = null;
        if (told != null) {
            context.emit(nothing -> told.run());
        }
    }

    @Override
    public void close(CloseCode why) {
        if (format() == WireFormat.SOCKJS && !closeSent && why != CloseCode.PROTOCOL) {
            greet(SockJsFrames.GO_AWAY);
        }
        if (why == CloseCode.GOING_AWAY) {
            closeBehind(why);
        } else {
            closeWith(why.number(), why.reason());
        }
    }

    /** A node that goes away brings what it has; the reason comes last. */
    private void closeBehind(CloseCode why) {
        if (!closeSent) {
            closeSent = true;
            outlet.offerLast(Framing.close(why.number(), why.reason()));
            closing = edge.timers().after(CLOSING_TIMEOUT, this::endNow);
        }
    }

    /** Ends the session although its socket takes no more bytes, so the reason may not arrive. */
    void abort(CloseCode why) {
        sendClose(why.number(), why.reason());
        endNow();
    }

    @Override
    public void beat() {
        if (format() == WireFormat.SOCKJS) {
            greet(SockJsFrames.HEARTBEAT);
        }
    }

    @Override
    public void pause() {
        channel.channel().config().setAutoRead(false);
    }

    @Override
    public void resume() {
        channel.channel().config().setAutoRead(true);
    }

    private void closeWith(int status, String reason) {
        if (!closeSent) {
            sendClose(status, reason);
            // Whoever reads slowly gets what is under way and the reason, but not for ever.
            closing = edge.timers().after(CLOSING_TIMEOUT, this::endNow);
        }
    }

    private void sendClose(int status, String reason) {
        if (!closeSent) {
            closeSent = true;
            // Nothing may follow the close frame, so what waits is dropped.
            outlet.close();
            send(Framing.close(status, reason));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A void promise reports failures to the pipeline, which closes.
    private void send(ByteBuf frame) {
        channel.writeAndFlush(frame, channel.voidPromise());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The closing timer ends the connection where this does not.
    private void endOutput() {
        if (channel.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    /** Ends the connection behind what was written. */
    @SuppressWarnings("FutureReturnValueIgnored") // The channel closes whether or not the last bytes left.
    private void endChannel() {
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells of the end, whatever becomes of this promise.
    private void endNow() {
        channel.close();
    }
}
