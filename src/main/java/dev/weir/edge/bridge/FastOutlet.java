package dev.weir.edge.bridge;

import dev.weir.bus.Counters;
import dev.weir.edge.CloseCode;
import dev.weir.edge.fanout.Framing;
import dev.weir.edge.fanout.NettyOutlet;
import dev.weir.edge.fanout.Responder;
import dev.weir.edge.fanout.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The outgoing side of a WebSocket on the fast path. Owned by the session's event loop. */
final class FastOutlet extends NettyOutlet implements Responder {
    private final WebSocketSink sink;

    FastOutlet(
            WireFormat format, long boundBytes, Counters counters, ChannelHandlerContext encoder, WebSocketSink sink) {
        super(format, boundBytes, counters, encoder);
        this.sink = sink;
    }

    @Override
    protected void closeSlow() {
        sink.abort(CloseCode.SLOW);
    }

    @Override
    protected @Nullable ByteBuf gapFrame(String address, int dropped) {
        return sink.session().speaksWeir() ? GapFrame.of(sink.format(), address, dropped) : null;
    }

    @Override
    public void awaitsReply(Message<Object> request) {
        sink.session().awaitsReply(request);
    }

    /** Tells a client that knows Weir's additions how many events it missed. */
    static final class GapFrame {
        private GapFrame() {}

        static ByteBuf of(WireFormat format, String address, int dropped) {
            JsonObject frame =
                    new JsonObject().put("type", "gap").put("address", address).put("dropped", dropped);
            return Framing.frame(format, frame.encode());
        }
    }
}
