package dev.weir.edge.fanout;

import dev.weir.bus.Counters;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;

/**
 * For transports behind an API that hides its backlog: counts the bytes of writes that have not completed and stops at 64 KiB.
 */
public abstract class CountingOutlet extends Outlet {
    private static final long HIGH_WATER_BYTES = 64 * 1024;
    private static final long LOW_WATER_BYTES = 32 * 1024;

    private long underWay;

    /** As {@link Outlet}. */
    protected CountingOutlet(WireFormat format, long boundBytes, Counters counters) {
        super(format, boundBytes, counters);
    }

    /** Hands the frames to the transport. The result completes when they left the process; the buffer is released then. */
    protected abstract Future<Void> send(ByteBuf frames);

    @Override
    protected final boolean isWritable() {
        return underWay < HIGH_WATER_BYTES;
    }

    @Override
    protected final void write(ByteBuf frames) {
        int bytes = frames.readableBytes();
        underWay += bytes;
        send(frames).onComplete(done -> {
            underWay -= bytes;
            if (underWay <= LOW_WATER_BYTES) {
                drained();
            }
        });
    }

    @Override
    protected void flush() {
        // The transport flushes each write itself.
    }
}
