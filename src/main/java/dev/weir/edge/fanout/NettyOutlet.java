package dev.weir.edge.fanout;

import dev.weir.bus.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * The fast path: writes finished WebSocket frames on the context of Netty's frame encoder, which passes them to the socket
 * without the WebSocket API in between. Whether the socket keeps up is what Netty's own outbound buffer says (64 KiB).
 */
public abstract class NettyOutlet extends Outlet {
    private final ChannelHandlerContext encoder;
    private boolean flushing;

    /** @param encoder the context of the WebSocket frame encoder; what is written there goes towards the socket */
    protected NettyOutlet(WireFormat format, long boundBytes, Counters counters, ChannelHandlerContext encoder) {
        super(format, boundBytes, counters);
        this.encoder = encoder;
    }

    @Override
    protected final boolean isWritable() {
        return encoder.channel().isWritable();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A void promise reports failures to the pipeline, which closes.
    protected final void write(ByteBuf frames) {
        encoder.write(frames, encoder.voidPromise());
    }

    @Override
    protected final void flush() {
        encoder.flush();
    }

    @Override
    protected final void flushSoon() {
        if (!flushing) {
            flushing = true;
            encoder.channel().eventLoop().execute(() -> {
                flushing = false;
                encoder.flush();
            });
        }
    }
}
