package dev.weir.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Hands a stretch of a log to listeners of this node as it is, since it never changes. */
final class KeptCodec implements MessageCodec<Kept, Kept> {
    static final String NAME = "weir-kept";

    @Override
    public void encodeToWire(Buffer buffer, Kept kept) {
        throw new UnsupportedOperationException("stays on its node");
    }

    @Override
    public Kept decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("stays on its node");
    }

    @Override
    public Kept transform(Kept kept) {
        return kept;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
