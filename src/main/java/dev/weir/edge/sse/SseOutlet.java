package dev.weir.edge.sse;

import dev.weir.bus.Counters;
import dev.weir.edge.fanout.CountingOutlet;
import dev.weir.edge.fanout.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The outgoing side of a stream: chunks of one HTTP response. Owned by the stream's event loop. */
final class SseOutlet extends CountingOutlet {
    private static final byte[] HEARTBEAT = ": \n\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpServerResponse response;
    private final Positions positions;
    private final @Nullable Shaping shaping;

    /** @param shaping null where the stream gets what all streams of its address get */
    SseOutlet(
            HttpServerResponse response,
            long boundBytes,
            Counters counters,
            Positions positions,
            @Nullable Shaping shaping) {
        super(WireFormat.SSE, boundBytes, counters);
        this.response = response;
        this.positions = positions;
        this.shaping = shaping;
    }

    /** Keeps the connection alive; says where the client is by now, which is no event, if events it does not want went by. */
    void beat() {
        String position = shaping != null && shaping.takeBehind() ? positions.text() : "";
        byte[] beat = position.isEmpty() ? HEARTBEAT : ("id: " + position + "\n\n").getBytes(StandardCharsets.US_ASCII);
        offer(Unpooled.wrappedBuffer(beat));
    }

    @Override
    protected Future<Void> send(ByteBuf frames) {
        if (response.ended() || response.closed()) {
            frames.release();
            return Future.succeededFuture();
        }
        ByteBuf own = shaping == null ? frames : shaping.shape(frames);
        if (!own.isReadable()) {
            own.release();
            return Future.succeededFuture();
        }
        // Vert.x never releases a buffer it was given, so it is released here once the socket has taken the bytes.
        return response.write(BufferInternal.buffer(own)).onComplete(written -> own.release());
    }

    @Override
    protected void closeSlow() {
        // Its socket takes nothing more, so no reason would arrive: reset, and the client reconnects by itself.
        response.reset();
    }
}
