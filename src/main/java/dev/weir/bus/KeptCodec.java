package dev.weir.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands a stretch of a log to listeners of this node as it is, since it never changes, and brings it to other nodes: a version,
 * then the fields one after another. A later version may only add at the end.
 */
final class KeptCodec implements MessageCodec<Kept, Kept> {
    static final String NAME = "weir-kept";

    private static final byte VERSION = 1;
    private static final byte NOTHING = 0;
    private static final byte JSON = 1;
    private static final byte BYTES = 2;

    /** Makes it known to the bus of an instance, once. */
    static void register(Vertx vertx) {
        vertx.sharedData().<String, String>getLocalMap(Publisher.SHARED_MAP).computeIfAbsent(NAME, name -> {
            vertx.eventBus().registerCodec(new KeptCodec());
            return name;
        });
    }

    @Override
    public void encodeToWire(Buffer buffer, Kept kept) {
        buffer.appendByte(VERSION);
        put(buffer, kept.address());
        put(buffer, kept.head().epoch());
        buffer.appendLong(kept.head().head()).appendLong(kept.head().floor());
        buffer.appendLong(kept.from()).appendLong(kept.to());
        buffer.appendInt(kept.events().size());
        for (KeptEvent event : kept.events()) {
            List<Map.Entry<String, String>> headers = event.headers().entries();
            buffer.appendLong(event.offset()).appendInt(headers.size());
            for (Map.Entry<String, String> header : headers) {
                put(buffer, header.getKey());
                put(buffer, header.getValue());
            }
            put(buffer, event);
        }
    }

    private static void put(Buffer buffer, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.appendInt(bytes.length).appendBytes(bytes);
    }

    private static void put(Buffer buffer, KeptEvent event) {
        byte[] json = event.json();
        if (json == null) {
            put(buffer, event.body());
        } else {
            buffer.appendByte(JSON).appendInt(json.length).appendBytes(json);
        }
    }

    private static void put(Buffer buffer, @Nullable Object body) {
        if (body == null) {
            buffer.appendByte(NOTHING);
            return;
        }
        Buffer bytes = body instanceof Buffer own ? own : Json.encodeToBuffer(body);
        buffer.appendByte(body instanceof Buffer ? BYTES : JSON);
        buffer.appendInt(bytes.length()).appendBuffer(bytes);
    }

    @Override
    public Kept decodeFromWire(int position, Buffer buffer) {
        // Whatever the version, what this one knows comes first.
        return new Reading(buffer, position + 1).kept();
    }

    /** Goes over a buffer from front to end. */
    private static final class Reading {
        private final Buffer buffer;
        private int at;

        Reading(Buffer buffer, int at) {
            this.buffer = buffer;
            this.at = at;
        }

        Kept kept() {
            String address = text();
            Head head = new Head(text(), number(), number());
            long from = number();
            long to = number();
            int count = size();
            List<KeptEvent> events = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                events.add(event());
            }
            return new Kept(address, head, from, to, events);
        }

        private MultiMap headers() {
            MultiMap headers = MultiMap.caseInsensitiveMultiMap();
            for (int left = size(); left > 0; left--) {
                headers.add(text(), text());
            }
            return headers;
        }

        private KeptEvent event() {
            long offset = number();
            MultiMap headers = headers();
            byte kind = buffer.getByte(at++);
            if (kind == NOTHING) {
                return new KeptEvent(offset, headers, null);
            }
            int length = size();
            at += length;
            byte[] bytes = buffer.getBytes(at - length, at);
            return kind == BYTES
                    ? new KeptEvent(offset, headers, Buffer.buffer(bytes))
                    : KeptEvent.read(offset, headers, bytes);
        }

        private String text() {
            int length = size();
            at += length;
            return new String(buffer.getBytes(at - length, at), StandardCharsets.UTF_8);
        }

        private long number() {
            at += Long.BYTES;
            return buffer.getLong(at - Long.BYTES);
        }

        private int size() {
            at += Integer.BYTES;
            return buffer.getInt(at - Integer.BYTES);
        }
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
