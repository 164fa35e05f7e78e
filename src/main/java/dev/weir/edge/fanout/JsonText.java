package dev.weir.edge.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes JSON straight into a buffer, without the strings in between. */
final class JsonText {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonText() {}

    /** A body as clients see it; bytes as CloudEvents spells them in JSON. */
    static void body(ByteBuf out, @Nullable Object body) {
        if (body == null) {
            out.writeBytes(NULL);
        } else if (body instanceof String text) {
            string(out, text);
        } else if (body instanceof Buffer bytes) {
            // As text: Vert.x would write the URL alphabet, CloudEvents wants the standard one.
            String base64 = Base64.getEncoder().encodeToString(bytes.getBytes());
            buffer(out, Json.encodeToBuffer(new JsonObject().put("data_base64", base64)));
        } else {
            buffer(out, Json.encodeToBuffer(body));
        }
    }

    /** Headers as an object; a name with several values has an array. */
    static void headers(ByteBuf out, MultiMap headers, String leftOut) {
        out.writeByte('{');
        boolean several = hasSeveral(headers);
        Set<String> written = several ? new TreeSet<>(String.CASE_INSENSITIVE_ORDER) : Set.of();
        boolean first = true;
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            if (name.equalsIgnoreCase(leftOut) || (several && !written.add(name))) {
                continue;
            }
            if (!first) {
                out.writeByte(',');
            }
            first = false;
            string(out, name);
            out.writeByte(':');
            value(out, header.getValue(), several ? headers.getAll(name) : List.of());
        }
        out.writeByte('}');
    }

    /** Whether a name has more than one value; the size of a {@link MultiMap} counts its names. */
    private static boolean hasSeveral(MultiMap headers) {
        int values = 0;
        for (Map.Entry<String, String> each : headers) {
            values += each == null ? 0 : 1;
        }
        return values > headers.size();
    }

    private static void value(ByteBuf out, String one, List<String> all) {
        if (all.size() < 2) {
            string(out, one);
            return;
        }
        out.writeByte('[');
        for (int i = 0; i < all.size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            string(out, all.get(i));
        }
        out.writeByte(']');
    }

    /** A string in quotes. */
    static void string(ByteBuf out, String text) {
        out.writeByte('"');
        int plainFrom = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                ByteBufUtil.writeUtf8(out, text, plainFrom, i);
                escape(out, c);
                plainFrom = i + 1;
            }
        }
        ByteBufUtil.writeUtf8(out, text, plainFrom, text.length());
        out.writeByte('"');
    }

    private static void escape(ByteBuf out, char c) {
        out.writeByte('\\');
        if (c == '"' || c == '\\') {
            out.writeByte(c);
        } else {
            out.writeByte('u')
                    .writeByte('0')
                    .writeByte('0')
                    .writeByte(HEX[c >> 4])
                    .writeByte(HEX[c & 15]);
        }
    }

    private static void buffer(ByteBuf out, Buffer json) {
        ByteBuf bytes = ((BufferInternal) json).getByteBuf();
        out.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    }
}
