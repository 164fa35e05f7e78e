package dev.weir.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event of a log. Shared by all who read it: neither headers, body nor text may be changed. What was read from a log is parsed
 * when somebody asks for its body, since most of it goes on to sockets as the text it is. Thread-safe.
 */
public final class KeptEvent {
    private final long offset;
    private final MultiMap headers;
    private final byte @Nullable [] json;

    /** Written once or, by threads that do not see each other's, several times with an equal value. */
    private volatile @Nullable Object body;

    /**
     * An event with its data.
     *
     * @param offset its place in the log, from 1
     * @param headers as on the bus, with {@link Wire#OFFSET} and {@link Wire#EPOCH}
     * @param body the data, a JSON value or bytes
     */
    public KeptEvent(long offset, MultiMap headers, @Nullable Object body) {
        this(offset, headers, body, null);
    }

    private KeptEvent(long offset, MultiMap headers, @Nullable Object body, byte @Nullable [] json) {
        this.offset = offset;
        this.headers = headers;
        this.body = body;
        this.json = json;
    }

    /** The same of which the JSON text is known too. */
    public static KeptEvent written(long offset, MultiMap headers, @Nullable Object body, byte @Nullable [] json) {
        return new KeptEvent(offset, headers, body, json);
    }

    /** An event of which only the JSON text is known. */
    public static KeptEvent read(long offset, MultiMap headers, byte[] json) {
        return new KeptEvent(offset, headers, null, json);
    }

    /** Its place in the log, from 1. */
    public long offset() {
        return offset;
    }

    /** As on the bus, with {@link Wire#OFFSET} and {@link Wire#EPOCH}. */
    public MultiMap headers() {
        return headers;
    }

    /** Whether it has no data. */
    public boolean isEmpty() {
        return json == null && body == null;
    }

    /** The data, a JSON value or bytes. */
    public @Nullable Object body() {
        Object known = body;
        if (known == null && json != null) {
            known = Json.decodeValue(Buffer.buffer(json));
            body = known;
        }
        return known;
    }

    /** The data as JSON text in UTF-8, where that is known; null for bytes and where nobody has written it yet. */
    public byte @Nullable [] json() {
        return json;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeptEvent event
                && event.offset == offset
                && event.headers.entries().equals(headers.entries())
                && Objects.equals(event.body(), body());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return offset + " " + headers.entries() + " " + body();
    }
}
