package dev.weir.expression;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code int(), double(), string(), bool(), bytes()} and base64. */
final class Conversions {
    private static final double TWO_TO_63 = 0x1p63;

    private Conversions() {}

    static void into(Map<String, Call.Function> all) {
        all.put("int/1", Conversions::toInt);
        all.put("double/1", Conversions::toDouble);
        all.put("string/1", Conversions::toText);
        all.put("bool/1", Conversions::toBool);
        all.put("bytes/1", (call, a) -> a[0] instanceof String text ? Buffer.buffer(text) : call.bytes(a, 0));
        all.put("base64.encode/1", (call, a) -> Base64.getEncoder()
                .encodeToString(call.bytes(a, 0).getBytes()));
        all.put("base64.decode/1", Conversions::decode);
    }

    private static Object decode(Call call, @Nullable Object[] a) {
        try {
            return Buffer.buffer(Base64.getDecoder().decode(call.text(a, 0)));
        } catch (IllegalArgumentException e) {
            throw call.unfit("the text is no base64");
        }
    }

    private static Object toInt(Call call, @Nullable Object[] a) {
        if (a[0] instanceof Number number) {
            double decimal = number.doubleValue();
            if (Numbers.whole(number)) {
                return number.longValue();
            } else if (decimal > -TWO_TO_63 && decimal < TWO_TO_63) {
                return (long) decimal;
            }
            throw call.unfit("the number does not fit 64 bits");
        } else if (a[0] instanceof Instant at) {
            return at.getEpochSecond();
        } else if (a[0] instanceof String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw call.unfit("the text is no whole number; decimals are read with double()");
            }
        }
        throw call.wrong(a, 0, "a number, text or a timestamp", "");
    }

    private static Object toDouble(Call call, @Nullable Object[] a) {
        if (a[0] instanceof Number number) {
            return number.doubleValue();
        } else if (a[0] instanceof String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw call.unfit("the text is no number");
            }
        }
        throw call.wrong(a, 0, "a number or text", "");
    }

    private static Object toText(Call call, @Nullable Object[] a) {
        Object value = a[0];
        if (value instanceof String || value instanceof Boolean) {
            return value.toString();
        } else if (value instanceof Number number) {
            return text(number);
        } else if (value instanceof Instant at) {
            return Times.text(at);
        } else if (value instanceof Duration duration) {
            return Times.text(duration);
        } else if (value instanceof Buffer || value instanceof byte[]) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(call.bytes(a, 0).getBytes()))
                        .toString();
            } catch (CharacterCodingException e) {
                throw call.unfit("the bytes are no UTF-8");
            }
        }
        throw call.wrong(a, 0, "a number, a boolean, text, bytes, a timestamp or a duration", "");
    }

    static String text(Number number) {
        return Numbers.whole(number) ? Long.toString(number.longValue()) : Double.toString(number.doubleValue());
    }

    private static Object toBool(Call call, @Nullable Object[] a) {
        if (a[0] instanceof Boolean truth) {
            return truth;
        }
        return switch (call.text(a, 0)) {
            case "true", "True", "TRUE", "t", "1" -> true;
            case "false", "False", "FALSE", "f", "0" -> false;
            default -> throw call.unfit("the text is neither true nor false");
        };
    }
}
