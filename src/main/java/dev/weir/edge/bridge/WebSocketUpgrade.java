package dev.weir.edge.bridge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.config.HttpConfig.Transport;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.ProblemResponses;
import dev.weir.edge.fanout.WireFormat;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.util.AsciiString;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the opening handshake (RFC 6455 section 4.2). The HTTP connection becomes a plain socket and its last
 * handler is replaced by a {@link WebSocketSink}, which then has the channel to itself.
 */
final class WebSocketUpgrade {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String VERSION = "13";
    private static final String WEBSOCKET = "websocket";
    private static final int KEY_BYTES = 16;
    private static final String HTTP_DECODER = "httpDecoder";
    private static final String FRAMES = "weir-frames";
    private static final String LAST = "handler";
    /**
     * An io_uring takes what was written only between two rounds of the event loop, so what one round writes must find room here; with
     * the 64 KiB that do elsewhere a session would get no more than those in each round, however fast it reads.
     */
    private static final WriteBufferWaterMark UNDER_WAY = new WriteBufferWaterMark(256 * 1024, 512 * 1024);

    private WebSocketUpgrade() {}

    /**
     * Answers the handshake. When it fails the client was told why.
     *
     * @param withoutChannel told when Netty's channel cannot be had
     */
    static Future<SocketSink> accept(
            HttpServerRequest request, WireFormat format, EdgeServices edge, Runnable withoutChannel) {
        if (!request.method().equals(HttpMethod.GET)) {
            // As the SockJS protocol says, without a body.
            request.response()
                    .putHeader(HttpHeaders.ALLOW, "GET")
                    .setStatusCode(405)
                    .end();
            return Future.failedFuture(new Refusal(FailureCode.METHOD_NOT_ALLOWED));
        }
        Refusal wrong = problemOf(request);
        if (wrong != null) {
            boolean version = !VERSION.equals(request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
            request.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
            ProblemResponses.answer(request.response(), version ? 426 : 400, wrong);
            return Future.failedFuture(wrong);
        }
        if (!hasChannel(request)) {
            withoutChannel.run();
            return request.toWebSocket().map(socket -> new PublicSocketSink(socket, format == WireFormat.SOCKJS, edge));
        }
        request.response()
                .putHeader(HttpHeaders.UPGRADE, WEBSOCKET)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
                .putHeader(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, acceptKey(keyOf(request)));
        return request.toNetSocket().map(socket -> takeOver(socket, format, edge));
    }

    /** Whether a request wants to become a WebSocket, rightly or wrongly. */
    static boolean isAskedFor(HttpServerRequest request) {
        return names(request, HttpHeaders.UPGRADE, WEBSOCKET);
    }

    /** Whether a header that is a list has an element, in any case of letters. */
    private static boolean names(HttpServerRequest request, CharSequence header, CharSequence element) {
        for (String line : request.headers().getAll(header)) {
            for (String each : line.split(",", -1)) {
                if (AsciiString.contentEqualsIgnoreCase(each.trim(), element)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable Refusal problemOf(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_1_1) {
            return invalid("a WebSocket handshake is a GET of HTTP/1.1");
        }
        // Firefox sends "keep-alive, Upgrade".
        if (!names(request, HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)) {
            return invalid("a WebSocket handshake needs the header connection: Upgrade; does a proxy drop it?");
        }
        if (!VERSION.equals(request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return invalid("sec-websocket-version must be 13");
        }
        return isKey(keyOf(request)) ? null : invalid("sec-websocket-key must be 16 bytes in Base64");
    }

    private static Refusal invalid(String text) {
        return new Refusal(FailureCode.INVALID_HANDSHAKE, text);
    }

    private static String keyOf(HttpServerRequest request) {
        return Objects.requireNonNullElse(request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_KEY), "");
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static String acceptKey(String key) {
        try {
            byte[] text = (key + GUID).getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-1", impossible);
        }
    }

    private static boolean hasChannel(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                && connection.channelHandlerContext().pipeline().get(HTTP_DECODER) != null
                && connection.channelHandlerContext().pipeline().get(LAST) != null;
    }

    private static SocketSink takeOver(NetSocket socket, WireFormat format, EdgeServices edge) {
        ChannelHandlerContext vertx = ((NetSocketInternal) socket).channelHandlerContext();
        ContextInternal context = Objects.requireNonNull(ContextInternal.current(), "on an event loop")
                .unwrap();
        ChannelPipeline pipeline = vertx.pipeline();
        if (edge.config().transport() == Transport.IO_URING) {
            vertx.channel().config().setWriteBufferWaterMark(UNDER_WAY);
        }
        endForVertx(vertx);
        pipeline.addBefore(LAST, FRAMES, new WebSocket13FrameDecoder(decoding(edge)));
        WebSocketSink sink = new WebSocketSink(context, pipeline.context(FRAMES), format, edge);
        pipeline.replace(LAST, LAST, sink);
        return sink;
    }

    private static WebSocketDecoderConfig decoding(EdgeServices edge) {
        return WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .closeOnProtocolViolation(false)
                .maxFramePayloadLength(edge.config().maxBody().intBytes())
                .build();
    }

    /** For Vert.x the connection ends here: its handler lets go of what it holds and counts the connection out. */
    private static void endForVertx(ChannelHandlerContext vertx) {
        try {
            ((ChannelInboundHandler) vertx.handler()).channelInactive(vertx);
        } catch (Exception failure) {
            throw new IllegalStateException("the HTTP connection could not be handed over", failure);
        }
    }
}
