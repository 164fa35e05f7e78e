package dev.weir.script;

import com.oracle.truffle.api.object.DynamicObject;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.builtins.JSArrayBuffer;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Moves data between Java and one script. What JavaScript gets are its own objects and arrays, which it may change and which
 * are nobody else's. Owned by the script's loop.
 */
public final class Values {
    private final Context js;
    private final JSRealm realm;
    private final DataIn in;
    private final DataOut out;
    private final Value parse;
    private final Value encode;
    private final Value bytes;
    private final Value error;

    Values(Context js, Value boot) {
        this.js = js;
        this.realm = realm(js);
        this.in = new DataIn(realm);
        this.out = new DataOut(realm);
        this.parse = boot.getMember("parse");
        this.encode = boot.getMember("encode");
        this.bytes = boot.getMember("bytes");
        this.error = boot.getMember("error");
    }

    /** The engine's own view of a context. */
    static JSRealm realm(Context js) {
        js.enter();
        try {
            return JSRealm.get(null);
        } finally {
            js.leave();
        }
    }

    /**
     * The JavaScript value of data as events and messages carry it: JSON values, or bytes, which become a {@code Uint8Array}
     * ({@code Buffer} where the module {@code buffer} is there).
     */
    public @Nullable Object toJs(@Nullable Object data) {
        if (data instanceof JsonObject || data instanceof JsonArray) {
            Object made = in.convert(data);
            return made == DataIn.UNKNOWN ? parse.execute(Json.encode(data)) : made;
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

    /** JSON data as the engine has it, for what is put together in Java; null when {@link #toJs} has to make it. */
    @Nullable
    Object plain(@Nullable Object data) {
        Object made = in.convert(data);
        return made == DataIn.UNKNOWN ? null : made;
    }

    /** The value of JSON text. */
    public Value parse(String json) {
        return parse.execute(json);
    }

    /** An {@code ArrayBuffer} whose memory {@code array} is from now on. */
    public Object memory(byte[] array) {
        return JSArrayBuffer.createArrayBuffer(realm.getContext(), realm, array);
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
        DynamicObject object = Raw.of(value);
        return object == null ? other(value) : members(object, value);
    }

    /** The same of an object. */
    public @Nullable Object toJava(DynamicObject object) {
        return members(object, null);
    }

    private @Nullable Object members(DynamicObject object, @Nullable Value known) {
        Object plain = out.convert(object);
        if (plain != DataOut.UNKNOWN) {
            return plain;
        }
        return other(known == null ? js.asValue(object) : known);
    }

    private @Nullable Object other(Value value) {
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

    /**
     * Instances of a class.
     *
     * @param prototype the class's
     * @param sample an object whose only key is that of their property
     * @param setter {@code setter(instance, value)} sets the property
     */
    public Instances instances(DynamicObject prototype, DynamicObject sample, Value setter) {
        return new Instances(this, realm, (JSDynamicObject) prototype, (JSDynamicObject) sample, setter);
    }

    /** What the code that runs belongs to, for async_hooks.js. */
    public AsyncFrames frames() {
        return new AsyncFrames(realm.getAgent());
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
