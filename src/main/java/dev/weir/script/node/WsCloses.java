package dev.weir.script.node;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;

/**
 * Closing without a status, which Vert.x always gives: a close frame without one is sent for {@code close()}, and is answered
 * by one without, so that both ends see 1005 as they do with Node's ws. Owned by the channel's event loop.
 */
final class WsCloses extends ChannelInboundHandlerAdapter {
    private static final String NAME = "empty-closes";
    private static final byte[] EMPTY_CLOSE = {(byte) 0x88, 0};

    private WsCloses() {}

    /** A close frame without a status. */
    static WebSocketFrame empty() {
        return new WebSocketFrameImpl(WebSocketFrameType.CLOSE, Unpooled.EMPTY_BUFFER, true);
    }

    /** Makes the server's end of a connection answer so; what Vert.x sends after it is not looked at any more by the client. */
    static void answerAlike(ChannelHandlerContext vertx) {
        vertx.pipeline().addBefore(vertx.name(), NAME, new WsCloses());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The connection ends next, whatever becomes of the answer.
    public void channelRead(ChannelHandlerContext channel, Object message) {
        if (message instanceof CloseWebSocketFrame close && close.content().readableBytes() == 0) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(EMPTY_CLOSE));
        }
        channel.fireChannelRead(message);
    }
}
