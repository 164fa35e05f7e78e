package dev.weir.script.node;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

    /** Text in UTF-8. Half of a pair of surrogates becomes U+FFFD as in Node; Java would write a question mark. */
    static byte[] ofText(String text) {
        int lone = lone(text, 0);
        if (lone < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        StringBuilder whole = new StringBuilder(text);
        for (; lone >= 0; lone = lone(text, lone + 1)) {
            whole.setCharAt(lone, '\uFFFD');
        }
        return whole.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The index of the first surrogate that is in no pair, -1 when there is none. */
    private static int lone(String text, int from) {
        int i = from;
        while (i < text.length()) {
            char letter = text.charAt(i++);
            if (Character.isSurrogate(letter)) {
                boolean pair = i < text.length() && Character.isSurrogatePair(letter, text.charAt(i));
                if (!pair) {
                    return i - 1;
                }
                i++;
            }
        }
        return -1;
    }

    /** What JavaScript makes an ArrayBuffer of, without a further copy. */
    static ByteBuffer toScript(Buffer buffer) {
        return ByteBuffer.wrap(buffer.getBytes());
    }
}
