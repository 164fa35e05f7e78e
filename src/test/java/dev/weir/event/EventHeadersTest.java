package dev.weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventHeadersTest {
    private static final Instant NOW = Instant.parse("2026-02-28T23:59:59.123Z");

    private static Event read(MultiMap headers, Object body) {
        return EventHeaders.fromMessage("/bus", () -> NOW, headers, body);
    }

    private static EventBuilder builder() {
        return Event.builder().id("1").source("/s").time(NOW);
    }

    @Test
    void everyAttributeTravelsAndComesBack() {
        Event event = builder()
                .type("order.placed")
                .subject("o-1")
                .datacontenttype("application/json")
                .dataschema("urn:schema")
                .data(new JsonObject().put("n", 1))
                .extension("correlationid", "c")
                .extension("traceparent", "00-ab-cd-01")
                .extension("tracestate", "v=1")
                .build();
        MultiMap headers = EventHeaders.toHeaders(event);
        assertThat(headers.names())
                .containsExactlyInAnyOrder(
                        "ce-id",
                        "ce-source",
                        "ce-type",
                        "ce-subject",
                        "ce-time",
                        "ce-datacontenttype",
                        "ce-dataschema",
                        "ce-correlationid",
                        "traceparent",
                        "tracestate");
        assertThat(headers.get("ce-time")).isEqualTo("2026-02-28T23:59:59.123Z");
        assertThat(read(headers, event.data())).isEqualTo(event);
        assertThat(event.key()).isEqualTo("o-1");
    }

    @Test
    void aPlainMessageIsAnEvent() {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().add("action", "save").add("weir-offset", "7");
        Event event = read(headers, "hello");
        assertThat(event.id()).isNotEmpty();
        assertThat(event.source()).isEqualTo("/bus");
        assertThat(event.type()).isEqualTo("message");
        assertThat(event.time()).isEqualTo(NOW);
        assertThat(event.data()).isEqualTo("hello");
        assertThat(event.extensions()).isEmpty();
    }

    @Test
    void namesAreReadInAnyCaseAndTheFirstOfTwoCounts() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("CE-Type", "a")
                .add("ce-type", "b")
                .add("TraceParent", "t");
        Event event = read(headers, new byte[] {1, 2});
        assertThat(event.type()).isEqualTo("a");
        assertThat(event.extension("traceparent")).isEqualTo("t");
        assertThat(event.data()).isEqualTo(Buffer.buffer(new byte[] {1, 2}));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ce-id | `` | id",
                "ce-source | `` | source",
                "ce-type | `` | type",
                "ce-subject | `` | subject",
                "ce-time | yesterday | time",
                "ce-specversion | 0.3 | specversion",
                "ce-data | 1 | data",
                "ce-under_score | 1 | under_score",
                "ce-a23456789012345678901 | 1 | a23456789012345678901",
            })
    void aBadHeaderIsNamed(String header, String value, String attribute) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(header, value);
        var refused = catchThrowableOfType(InvalidEventException.class, () -> read(headers, null));
        assertThat(refused.attribute()).isEqualTo(attribute);
        assertThat(refused).hasMessageContaining("'" + attribute + "'");
    }

    @Test
    void attributesTakeNoControlsSurrogatesOrNoncharacters() {
        for (String bad :
                new String[] {"a\n", "\u0000", "\u007f", "\u0085", "\ud83d", "\ude00\ud83d", "\ufffe", "\ufdd0"}) {
            var refused = catchThrowableOfType(
                    InvalidEventException.class, () -> builder().subject(bad).build());
            assertThat(refused.attribute()).isEqualTo("subject");
        }
        assertThat(builder().subject("zażółć 😀 \u00a0").build().key()).isEqualTo("zażółć 😀 \u00a0");
    }

    @Test
    void onlyJsonValuesAndBytesAreData() {
        for (Object bad : new Object[] {Map.of(), Double.NaN, Float.POSITIVE_INFINITY, new Object()}) {
            var refused = catchThrowableOfType(
                    InvalidEventException.class, () -> builder().data(bad).build());
            assertThat(refused.attribute()).isEqualTo("data");
        }
    }

    @Test
    void extensionsAreAnImmutableCopyInOrderOfTheirNames() {
        Event event = builder()
                .extension("b", "2")
                .extension("a", "1")
                .extension("c", "3")
                .extension("c", null)
                .build();
        assertThat(event.extensions()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
        assertThat(event.extensions()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(event.toBuilder().extension("a", "9").build().extension("a")).isEqualTo("9");
        assertThat(event.extension("a")).isEqualTo("1");
    }
}
