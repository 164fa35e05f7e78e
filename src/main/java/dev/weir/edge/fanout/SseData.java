package dev.weir.edge.fanout;

import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import io.netty.buffer.ByteBuf;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of a server-sent event: the event as CloudEvents JSON in one line, with the extension {@code weiraddress} that says
 * where it was emitted, since one stream may serve several addresses.
 */
final class SseData {
    private SseData() {}

    static void write(ByteBuf out, String address, MultiMap headers, @Nullable Object body) {
        out.writeCharSequence("{\"specversion\":\"1.0\",\"weiraddress\":", StandardCharsets.US_ASCII);
        String real = headers.get(Wire.ADDRESS);
        JsonText.string(out, real == null ? address : real);
        if (!headers.contains(EventHeaders.TYPE)) {
            attribute(out, "type", EventHeaders.DEFAULT_TYPE);
        }
        for (Map.Entry<String, String> header : headers) {
            String name = attributeName(header.getKey());
            if (!name.isEmpty()) {
                attribute(out, name, header.getValue());
            }
        }
        if (body instanceof Buffer bytes) {
            attribute(out, "data_base64", Base64.getEncoder().encodeToString(bytes.getBytes()));
        } else if (body != null) {
            out.writeCharSequence(",\"data\":", StandardCharsets.US_ASCII);
            JsonText.body(out, body);
        }
        out.writeByte('}');
    }

    private static String attributeName(String header) {
        if (header.startsWith(EventHeaders.PREFIX)) {
            return header.substring(EventHeaders.PREFIX.length());
        }
        return header.equals("traceparent") || header.equals("tracestate") ? header : "";
    }

    private static void attribute(ByteBuf out, String name, String value) {
        out.writeByte(',');
        JsonText.string(out, name);
        out.writeByte(':');
        JsonText.string(out, value);
    }
}
