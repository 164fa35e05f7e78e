package dev.weir.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the text or value, the answer is that of the general library. */
class QuickJsonTest {
    private static final String[] TEXTS = {
        "",
        "a",
        "customer-4711",
        "Ärger",
        "日本",
        "😀 ok",
        "a\"b\\c/d",
        "line\nnext\ttab\r",
        "\b\f\u0001\u007f",
        "\u2028",
        "x".repeat(500)
    };
    private static final Object[] NUMBERS = {
        0,
        -1,
        7,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        2147483648L,
        -99999999999999L,
        Long.MAX_VALUE,
        0.5,
        -12.25,
        1e21,
        1e-9,
        19.99,
        3.0f,
        new BigInteger("123456789012345678901234567890"),
        new BigDecimal("0.1000")
    };
    private static final String SPICE = "{}[]\",:\\/ntrue-0123456789.eE+ \n\tä\u0000*#'";

    private final Random random = new Random(4711);

    private @Nullable Object anything(int depth) {
        int kind = random.nextInt(depth > 4 ? 4 : 6);
        return switch (kind) {
            case 0 -> TEXTS[random.nextInt(TEXTS.length)];
            case 1 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 2 -> random.nextBoolean();
            case 3 -> null;
            case 4 -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put(TEXTS[random.nextInt(TEXTS.length)] + i, anything(depth + 1));
                }
                yield random.nextBoolean() ? map : new JsonObject(map);
            }
            default -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(anything(depth + 1));
                }
                yield random.nextBoolean() ? list : new JsonArray(list);
            }
        };
    }

    private static void readsAlike(String text) {
        Object expected;
        try {
            expected = Json.decodeValue(text);
        } catch (DecodeException wrong) {
            assertThatThrownBy(() -> QuickJson.decode(text)).as(text).hasMessage(wrong.getMessage());
            return;
        }
        Object found = QuickJson.decode(text);
        assertThat(found).as(text).isEqualTo(expected);
        if (expected != null) {
            assertThat(found).as(text).hasSameClassAs(expected);
            assertThat(Json.encode(found)).as(text).isEqualTo(Json.encode(expected));
        }
    }

    @Test
    void writesWhatTheGeneralLibraryWrites() {
        for (int i = 0; i < 5_000; i++) {
            Object value = anything(0);
            byte[] expected = Json.encodeToBuffer(value).getBytes();
            assertThat(new String(QuickJson.encode(value), StandardCharsets.UTF_8))
                    .isEqualTo(new String(expected, StandardCharsets.UTF_8));
        }
        assertThat(new String(QuickJson.encode(new JsonObject().put("at", Instant.EPOCH)), StandardCharsets.UTF_8))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\"}");
    }

    /** Long texts are looked at in groups of eight: each odd letter at each place. */
    @Test
    void writesLongTextsWithOddLettersAnywhere() {
        String[] odd = {
            "", "?", "\"", "\\", "\n", "\u001f", "\u007f", "\u0080", "\u00ff", "é", "日", "😀", "!", " ", "\u0000"
        };
        for (int length = 20; length < 60; length++) {
            for (String letter : odd) {
                int place = random.nextInt(length);
                String text = "a".repeat(place) + letter + "z~_".repeat(length).substring(0, length - place);
                JsonObject value = new JsonObject().put("text", text);
                assertThat(new String(QuickJson.encode(value), StandardCharsets.UTF_8))
                        .isEqualTo(value.toBuffer().toString());
            }
        }
        JsonObject half = new JsonObject().put("text", "half of a pair \ud83d and no more of it");
        assertThat(QuickJson.encode(half)).isEqualTo(half.toBuffer().getBytes());
    }

    @Test
    void readsWhatTheGeneralLibraryReads() {
        for (int i = 0; i < 3_000; i++) {
            String text = Json.encode(anything(0));
            readsAlike(text);
            readsAlike(spaced(text));
            StringBuilder broken = new StringBuilder(text);
            for (int n = random.nextInt(3); n >= 0 && broken.length() > 0; n--) {
                int place = random.nextInt(broken.length());
                char spice = SPICE.charAt(random.nextInt(SPICE.length()));
                switch (random.nextInt(3)) {
                    case 0 -> broken.deleteCharAt(place);
                    case 1 -> broken.insert(place, spice);
                    default -> broken.setCharAt(place, spice);
                }
            }
            readsAlike(broken.toString());
        }
    }

    private static String spaced(String text) {
        return " " + text.replace(":", " :\t").replace("}", "\r\n}") + "\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1,}",
                "[1,]",
                "[,1]",
                "01",
                "-",
                "-0",
                "-01",
                "1.",
                ".5",
                "1.5e3",
                "1e5",
                "12345678901234567890",
                "999999999999999",
                "9999999999999999",
                "0.1234567890123456789",
                "1a",
                "true1",
                "tru",
                "nulll",
                "null",
                "\"\\u00e4\"",
                "\"\\x\"",
                "\"a",
                "{\"a\":1}x",
                "{\"a\":1,\"a\":2}",
                "/* c */ 1",
                "NaN",
                "{\"\":\"\"}",
                "[[[]]]",
                "{\"a\\\"b\":1}",
                "\"\t\"",
                "{} {}",
                "[1 2]",
                "{\"a\" 1}",
                "'a'"
            })
    void oddTextsAreReadAlike(String text) {
        readsAlike(text);
    }

    @Test
    void deepAndLongTextsAreReadAlike() {
        readsAlike("[".repeat(60) + "]".repeat(60));
        readsAlike("{\"pad\":\"" + "y".repeat(40_000) + "\"}");
    }
}
