package dev.weir.script.node;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** Bytes between JavaScript's ArrayBuffers and Java. Stateless; used on the script's loop. */
final class Bytes {
    private Bytes() {}

    /** A copy of a part of an ArrayBuffer. */
    static byte[] of(Value arrayBuffer, int offset, int length) {
        byte[] copy = new byte[length];
        if (length > 0) {
            arrayBuffer.readBuffer(offset, copy, 0, length);
        }
        return copy;
    }

    /** The same, null when there is none. */
    static byte @Nullable [] orNull(@Nullable Value arrayBuffer, int offset, int length) {
        return arrayBuffer == null || arrayBuffer.isNull() ? null : of(arrayBuffer, offset, length);
    }

    /** The same as what Java's channels take. */
    static @Nullable ByteBuffer toJava(@Nullable Value arrayBuffer, int offset, int length) {
        byte[] bytes = orNull(arrayBuffer, offset, length);
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    /** What JavaScript makes an ArrayBuffer of, without a further copy. */
    static ByteBuffer toScript(Buffer buffer) {
        return ByteBuffer.wrap(buffer.getBytes());
    }
}
