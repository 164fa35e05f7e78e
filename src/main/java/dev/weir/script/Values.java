package dev.weir.script;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Moves data between Java and one script. What JavaScript gets are its own objects and arrays, which it may change and which
 * are nobody else's. Owned by the script's loop.
 */
public final class Values {
    private final Value parse;
    private final Value encode;
    private final Value bytes;
    private final Value error;

    Values(Value boot) {
        this.parse = boot.getMember("parse");
        this.encode = boot.getMember("encode");
        this.bytes = boot.getMember("bytes");
        this.error = boot.getMember("error");
    }

    /**
     * The JavaScript value of data as events and messages carry it: JSON values, or bytes, which become a {@code Uint8Array}
     * ({@code Buffer} where the module {@code buffer} is there).
     */
    public @Nullable Object toJs(@Nullable Object data) {
        if (data instanceof JsonObject || data instanceof JsonArray) {
            return parse.execute(Json.encode(data));
        }
        if (data instanceof Buffer buffer) {
            return bytes(buffer.getBytes());
        }
        if (data instanceof byte[] array) {
            return bytes(array);
        }
        // As JSON.parse would: numbers have no other kind in JavaScript.
        return data instanceof BigDecimal || data instanceof BigInteger ? ((Number) data).doubleValue() : data;
    }

    /** The value of JSON text. */
    public Value parse(String json) {
        return parse.execute(json);
    }

    /** A {@code Uint8Array} with a copy of {@code array}. */
    public Value bytes(byte[] array) {
        return bytes.execute(ByteBuffer.wrap(array), array.length);
    }

    /**
     * Data out of a JavaScript value: {@code JsonObject}, {@code JsonArray}, {@code String}, {@code Integer}, {@code Long},
     * {@code Double}, {@code Boolean}, {@code Buffer} of bytes, or null; what {@code JSON.stringify} makes of all else.
     */
    public @Nullable Object toJava(@Nullable Value value) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isString()) {
            return value.asString();
        }
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (value.isNumber()) {
            return number(value);
        }
        byte[] raw = rawBytes(value);
        if (raw != null) {
            return Buffer.buffer(raw);
        }
        Value text = encode.execute(value);
        return text.isString() ? Json.decodeValue(text.asString()) : null;
    }

    /** The bytes of a {@code Buffer}, typed array, {@code DataView} or {@code ArrayBuffer}; null when it is none. */
    public byte @Nullable [] rawBytes(Value value) {
        if (value.hasBufferElements()) {
            return read(value, 0, Math.toIntExact(value.getBufferSize()));
        }
        if (!value.hasMember("byteLength") || !value.hasMember("buffer")) {
            return null;
        }
        return read(
                value.getMember("buffer"),
                value.getMember("byteOffset").asInt(),
                value.getMember("byteLength").asInt());
    }

    /** A JavaScript error object. */
    Value error(String type, @Nullable String code, String message) {
        return error.execute(type, code, message);
    }

    private static byte[] read(Value buffer, int offset, int length) {
        byte[] copy = new byte[length];
        buffer.readBuffer(offset, copy, 0, length);
        return copy;
    }

    private static Object number(Value value) {
        if (value.fitsInInt()) {
            return value.asInt();
        }
        if (value.fitsInLong()) {
            return value.asLong();
        }
        return value.asDouble();
    }
}
