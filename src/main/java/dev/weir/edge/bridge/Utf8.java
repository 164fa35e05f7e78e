package dev.weir.edge.bridge;

import io.netty.buffer.ByteBuf;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Whether bytes are UTF-8, which RFC 6455 section 8.1 demands of text messages. */
final class Utf8 {
    private Utf8() {}

    static boolean isValid(ByteBuf bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.nioBuffer());
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
