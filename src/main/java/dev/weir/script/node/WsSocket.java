package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.internal.http.WebSocketInternal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of a script, accepted or made. A server's frames are encoded once and given to Netty as they are, whoever gets
 * them; what one turn of the event loop writes leaves together. Owned by the script's loop.
 */
public final class WsSocket {
    /** What a client that does not read may make a server hold. */
    private static final long MOST_UNSENT = 64L * 1024 * 1024;

    private static final int NO_STATUS = 1005;
    private static final int ABNORMAL = 1006;
    private static final int UNSUPPORTED_LENGTH = 1009;
    private static final int PROTOCOL = 1002;

    private final ScriptHost host;
    private final WsSockets sockets;
    private final WebSocket socket;
    private final boolean server;
    private final int id;
    private final long maxPayload;
    private final ScriptLoop.Handle open;
    private final List<WebSocketFrame> early = new ArrayList<>();
    private @Nullable ChannelHandlerContext channel;
    private @Nullable ChannelHandlerContext wire;
    private @Nullable Value onEvent;
    private @Nullable Value onMessage;
    private @Nullable Buffer parts;
    private boolean partsAreText;
    private int closeCode = ABNORMAL;
    private String closeReason = "";
    private boolean gone;
    private boolean dirty;

    private WsSocket(ScriptHost host, WsSockets sockets, WebSocket socket, boolean server, int id, long maxPayload) {
        this.host = host;
        this.sockets = sockets;
        this.socket = socket;
        this.server = server;
        this.id = id;
        this.maxPayload = maxPayload;
        this.open = host.loop().handle();
        socket.frameHandler(this::received);
        socket.exceptionHandler(this::failed);
        socket.closeHandler(closed -> closed());
    }

    /** One that a server accepted. */
    static WsSocket accepted(ScriptHost host, WsSockets sockets, WebSocket socket, int id, long maxPayload) {
        WsSocket made = new WsSocket(host, sockets, socket, true, id, maxPayload);
        // Nothing is handed out before the script has said where to.
        socket.pause();
        WsCloses.answerAlike(made.channel());
        return made;
    }

    /** One that connects now: what a server sends with its answer waits until the script has said where to. */
    static WsSocket connecting(ScriptHost host, WsSockets sockets, ClientWebSocket socket, int id, long maxPayload) {
        return new WsSocket(host, sockets, socket, false, id, maxPayload);
    }

    private ChannelHandlerContext channel() {
        if (channel == null) {
            channel = ((WebSocketInternal) socket).channelHandlerContext();
        }
        return channel;
    }

    /** Where finished frames are written: next to the encoder, which need not look at them. */
    private ChannelHandlerContext wire() {
        ChannelHandlerContext known = wire;
        if (known == null) {
            ChannelHandlerContext encoder = channel().pipeline().context(WebSocketFrameEncoder.class);
            known = encoder == null ? channel() : encoder;
            wire = known;
        }
        return known;
    }

    /** Its number among this script's sockets. */
    @HostAccess.Export
    public int id() {
        return id;
    }

    /** The subprotocol that was agreed upon, "" for none. */
    @HostAccess.Export
    public String protocol() {
        return socket.subProtocol() == null ? "" : socket.subProtocol();
    }

    /** Where messages go, {@code onMessage(bytes, binary)}, and everything else, {@code onEvent(kind, number, bytesOrText)}. */
    @HostAccess.Export
    public void begin(Value messages, Value events) {
        onMessage = messages;
        onEvent = events;
        // Behind the JavaScript that asks, or what comes now would be overtaken by what comes next.
        host.context().runOnContext(turn -> {
            List<WebSocketFrame> waited = List.copyOf(early);
            early.clear();
            waited.forEach(this::received);
            if (gone) {
                tell("close", closeCode, closeReason);
            } else {
                socket.resume();
            }
        });
    }

    private void received(WebSocketFrame frame) {
        if (onEvent == null) {
            early.add(frame);
        } else if (frame.isClose()) {
            closeCode = frame.binaryData().length() < 2 ? NO_STATUS : frame.closeStatusCode();
            closeReason = frame.closeReason() == null ? "" : frame.closeReason();
            tell("closing", closeCode, closeReason);
        } else if (frame.isPing()) {
            tell("ping", 0, Bytes.toScript(frame.binaryData()));
        } else if (frame.type() == WebSocketFrameType.PONG) {
            tell("pong", 0, Bytes.toScript(frame.binaryData()));
        } else {
            data(frame);
        }
    }

    private void data(WebSocketFrame frame) {
        Buffer before = parts;
        if (before == null && frame.isFinal()) {
            deliver(frame.binaryData(), frame.isText());
            return;
        }
        if (before == null) {
            before = Buffer.buffer();
            parts = before;
            partsAreText = frame.isText();
        }
        if (before.length() + frame.binaryData().length() > maxPayload) {
            failed(new TooLongFrameException());
            return;
        }
        before.appendBuffer(frame.binaryData());
        if (frame.isFinal()) {
            parts = null;
            deliver(before, partsAreText);
        }
    }

    private void deliver(Buffer message, boolean text) {
        if (onMessage != null) {
            host.loop().enter(onMessage, Bytes.toScript(message), !text);
        }
    }

    private void tell(String kind, int number, Object what) {
        if (onEvent != null) {
            host.loop().enter(onEvent, kind, number, what);
        }
    }

    /** What the peer did wrong is answered with its code; a connection that breaks only ends. */
    private void failed(Throwable failure) {
        if (gone) {
            return;
        }
        if (failure instanceof CorruptedWebSocketFrameException corrupt) {
            refuse(corrupt.closeStatus().code(), failure.getMessage());
        } else if (failure instanceof TooLongFrameException) {
            refuse(UNSUPPORTED_LENGTH, "Max payload size exceeded");
        } else if (failure instanceof DecoderException) {
            refuse(PROTOCOL, failure.getMessage());
        }
    }

    private void refuse(int status, @Nullable String why) {
        tell("error", status, why == null ? "Invalid WebSocket frame" : why);
        var unused = socket.close((short) status);
    }

    private void closed() {
        if (!gone) {
            gone = true;
            sockets.remove(this);
            tell("close", closeCode, closeReason);
            open.close();
        }
    }

    /** Text or bytes as one message; {@code done(failure)}, if any, when it left. */
    @HostAccess.Export
    public void send(
            @Nullable String text,
            @Nullable Value buffer,
            int offset,
            int length,
            boolean binary,
            @Nullable Value done) {
        byte[] payload = HttpExchange.bytes(text, buffer, offset, length);
        tell(write(binary ? WsFrames.BINARY : WsFrames.TEXT, payload), done);
    }

    /** A ping or pong. */
    @HostAccess.Export
    public void control(boolean ping, Value buffer, int offset, int length, @Nullable Value done) {
        tell(write(ping ? WsFrames.PING : WsFrames.PONG, Bytes.of(buffer, offset, length)), done);
    }

    private Future<Void> write(int opcode, byte[] payload) {
        if (!server) {
            return socket.writeFrame(frame(opcode, Buffer.buffer(payload)));
        }
        Promise<Void> sent = Promise.promise();
        channel().writeAndFlush(WsFrames.of(channel().alloc(), opcode, payload)).addListener(result -> {
            if (result.isSuccess()) {
                sent.complete();
            } else {
                sent.fail(result.cause());
            }
        });
        guard();
        return sent.future();
    }

    private static WebSocketFrame frame(int opcode, Buffer payload) {
        return switch (opcode) {
            case WsFrames.TEXT -> WebSocketFrame.textFrame(payload.toString(StandardCharsets.UTF_8), true);
            case WsFrames.PING -> WebSocketFrame.pingFrame(payload);
            case WsFrames.PONG -> WebSocketFrame.pongFrame(payload);
            default -> WebSocketFrame.binaryFrame(payload, true);
        };
    }

    private void tell(Future<Void> sent, @Nullable Value done) {
        if (done != null && !done.isNull()) {
            sent.onComplete(
                    result -> host.loop().enter(done, result.succeeded() ? null : NetFailures.code(result.cause())));
        }
    }

    int number() {
        return id;
    }

    /** Writes a frame that others get, too, and keeps it back until {@link #flush}; true when a flush is not yet due. */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // A void promise: a write that fails closes the connection, which is told.
    boolean share(ByteBuf frame) {
        ChannelHandlerContext to = wire();
        to.write(frame.retainedDuplicate(), to.voidPromise());
        guard();
        boolean first = !dirty;
        dirty = true;
        return first;
    }

    void flush() {
        dirty = false;
        wire().flush();
    }

    /** A client that does not read is not allowed to take the node's memory with it. */
    private void guard() {
        if (!channel().channel().isWritable() && unsent() > MOST_UNSENT) {
            host.log()
                    .warn(
                            "{}: a WebSocket client left {} bytes unread and is cut off; look at bufferedAmount before send()",
                            host.name(),
                            unsent());
            terminate();
        }
    }

    private long unsent() {
        ChannelOutboundBuffer waiting = channel().channel().unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    /** Bytes that the system did not take yet. */
    @HostAccess.Export
    public double bufferedAmount() {
        return unsent();
    }

    /** Begins the closing handshake. */
    @HostAccess.Export
    public void close(int code, String reason) {
        if (!gone) {
            var unused = code == NO_STATUS ? socket.writeFrame(WsCloses.empty()) : socket.close((short) code, reason);
        }
    }

    /** Ends the connection at once. */
    @HostAccess.Export
    public void terminate() {
        if (!gone) {
            var unused = channel().close();
        }
    }

    /** Takes no more messages until {@link #resume}. */
    @HostAccess.Export
    public void pause() {
        socket.pause();
    }

    /** Goes on. */
    @HostAccess.Export
    public void resume() {
        host.context().runOnContext(turn -> {
            if (!gone) {
                socket.resume();
            }
        });
    }

    /** It did not come to be. */
    void abandon() {
        gone = true;
        sockets.remove(this);
        open.close();
    }

    /** The script ends: the peer is told that we go away, and its answer is not waited for. */
    @SuppressWarnings("FutureReturnValueIgnored") // The channel closes whether or not the frame left.
    void goAway() {
        onEvent = null;
        onMessage = null;
        if (!gone && (server || channel != null)) {
            channel()
                    .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
