package dev.weir.edge.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.KeptEvent;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The frames that the bridge's clients read. */
class EncoderTest {
    private final Encoder encoder = new Encoder();
    private final byte[] prefix = Encoder.prefix("a");

    private JsonObject rec(MultiMap headers, Object body) {
        return new JsonObject(encoder.rec(prefix, headers, null, body).toString(StandardCharsets.UTF_8));
    }

    private static MultiMap headers() {
        return MultiMap.caseInsensitiveMultiMap();
    }

    @Test
    void headersWithOneValueAreStringsAndWithSeveralArrays() {
        JsonObject one = rec(headers().add("x", "1").add("y", "\"2\""), "b");
        assertThat(one.getJsonObject("headers"))
                .isEqualTo(new JsonObject().put("x", "1").put("y", "\"2\""));
        JsonObject several =
                rec(headers().add("x", "1").add("y", "2").add("X", "3").add("weir-hops", "."), "b");
        assertThat(several.getJsonObject("headers"))
                .isEqualTo(new JsonObject()
                        .put("x", new JsonArray().add("1").add("3"))
                        .put("y", "2"));
        assertThat(rec(headers().add("weir-hops", "."), "b").getJsonObject("headers"))
                .isEmpty();
        assertThat(rec(headers(), "b").containsKey("headers")).isFalse();
    }

    @Test
    void aKeptEventIsTheSameFrameWhetherItsTextIsKnownOrNot() {
        JsonObject body = new JsonObject().put("n", 1).put("s", "ä\u2028");
        byte[] text = body.encode().getBytes(StandardCharsets.UTF_8);
        JsonObject expected = rec(headers().add("x", "1"), body);
        for (KeptEvent event : new KeptEvent[] {
            new KeptEvent(1, headers().add("x", "1"), body),
            KeptEvent.written(1, headers().add("x", "1"), body, text),
            KeptEvent.read(1, headers().add("x", "1"), text)
        }) {
            String frame = encoder.rec(prefix, event).toString(StandardCharsets.UTF_8);
            assertThat(new JsonObject(frame)).isEqualTo(expected);
            assertThat(event.body()).isEqualTo(body);
            assertThat(event.isEmpty()).isFalse();
        }
        KeptEvent nothing = new KeptEvent(2, headers(), null);
        assertThat(nothing.isEmpty()).isTrue();
        assertThat(encoder.rec(prefix, nothing).toString(StandardCharsets.UTF_8))
                .endsWith(",\"body\":null}");
    }
}
