package dev.weir.edge.fanout;

import dev.weir.bus.QuickJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
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
            out.writeBytes(QuickJson.encode(body));
        }
    }

    /** Headers as an object; a name with several values has an array. */
    static void headers(ByteBuf out, MultiMap headers, String leftOut) {
        int begin = out.writerIndex();
        List<String> written = new ArrayList<>(16);
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            if (name.equalsIgnoreCase(leftOut)) {
                continue;
            }
            if (contains(written, name)) {
                arrays(out.writerIndex(begin), headers, leftOut);
                return;
            }
            out.writeByte(written.isEmpty() ? '{' : ',');
            written.add(name);
            string(out, name);
            out.writeByte(':');
            string(out, header.getValue());
        }
        if (written.isEmpty()) {
            out.writeByte('{');
        }
        out.writeByte('}');
    }

    /** Events have about ten headers; a set of their names would cost more than all the writing. */
    private static boolean contains(List<String> names, String name) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static void arrays(ByteBuf out, MultiMap headers, String leftOut) {
        JsonObject json = new JsonObject();
        for (Map.Entry<String, String> header : headers) {
            List<String> all = headers.getAll(header.getKey());
            if (!header.getKey().equalsIgnoreCase(leftOut)) {
                json.put(nameIn(json, header.getKey()), all.size() == 1 ? all.get(0) : new JsonArray(all));
            }
        }
        buffer(out, json.toBuffer());
    }

    /** A name as it was spelled first. */
    private static String nameIn(JsonObject json, String name) {
        for (String known : json.fieldNames()) {
            if (known.equalsIgnoreCase(name)) {
                return known;
            }
        }
        return name;
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
