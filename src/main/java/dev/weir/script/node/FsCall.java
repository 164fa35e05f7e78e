package dev.weir.script.node;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One file operation as JavaScript asked for it.
 *
 * @param op its name in internal/fs-table.js
 * @param a a path, mostly
 * @param b a second path, flags or a position
 * @param c text to write, or a third word
 * @param n a file descriptor, mode or length
 * @param data bytes to write
 */
record FsCall(
        String op,
        @Nullable String a,
        @Nullable String b,
        @Nullable String c,
        long n,
        @Nullable ByteBuffer data) {

    /** What is to be written, which is text or bytes. */
    ByteBuffer bytes() {
        return data != null ? data : ByteBuffer.wrap(Bytes.ofText(Objects.requireNonNullElse(c, "")));
    }

    boolean has(String letter) {
        return b != null && b.contains(letter);
    }

    /** A position in the file, or -1 for where it is. */
    long position() {
        return b == null ? -1 : (long) Double.parseDouble(b);
    }
}
