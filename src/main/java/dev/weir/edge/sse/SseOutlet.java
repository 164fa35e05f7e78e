package dev.weir.edge.sse;

import dev.weir.bus.Counters;
import dev.weir.edge.fanout.CountingOutlet;
import dev.weir.edge.fanout.WireFormat;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;

/** The outgoing side of a stream: chunks of one HTTP response. Owned by the stream's event loop. */
final class SseOutlet extends CountingOutlet {
    private final HttpServerResponse response;

    SseOutlet(HttpServerResponse response, long boundBytes, Counters counters) {
        super(WireFormat.SSE, boundBytes, counters);
        this.response = response;
    }

    @Override
    protected Future<Void> send(ByteBuf frames) {
        if (response.ended() || response.closed()) {
            frames.release();
            return Future.succeededFuture();
        }
        // Vert.x never releases a buffer it was given, so it is released here once the socket has taken the bytes.
        return response.write(BufferInternal.buffer(frames)).onComplete(written -> frames.release());
    }

    @Override
    protected void closeSlow() {
        // Its socket takes nothing more, so no reason would arrive: reset, and the client reconnects by itself.
        response.reset();
    }
}
