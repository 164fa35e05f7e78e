package dev.weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpBinaryTest {
    private static Incoming decode(Buffer body, String... headers) {
        MultiMap http = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            http.add(headers[i], headers[i + 1]);
        }
        return HttpBinary.decode(http, body);
    }

    @Test
    void plainJsonIsAnEvent() {
        Incoming event = decode(Buffer.buffer("{\"n\":1}"), "Content-Type", "application/json", "Host", "localhost");
        assertThat(event.headers().names()).containsExactly("ce-datacontenttype");
        assertThat(event.data()).isEqualTo(new JsonObject().put("n", 1));
        assertThat(event.bytes()).isEqualTo(7);
    }

    @Test
    void theTraceOfTheEventGoesBeforeThatOfTheRequest() {
        Buffer none = Buffer.buffer();
        MultiMap request = decode(none, "traceparent", "r", "tracestate", "s").headers();
        assertThat(request.get("traceparent")).isEqualTo("r");
        assertThat(request.get("tracestate")).isEqualTo("s");
        MultiMap event = decode(none, "traceparent", "r", "tracestate", "s", "ce-traceparent", "e")
                .headers();
        assertThat(event.get("traceparent")).isEqualTo("e");
        assertThat(event.contains("tracestate")).isFalse();
        assertThat(decode(none, "traceparent", "r\u0001").headers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain | plain",
                "a b | a b",
                "Euro%20%E2%82%AC%20%F0%9F%98%80 | Euro € 😀",
                "100%25 | 100%",
                "%2525 | %25",
                "%c3%bc | ü",
                "Ã¼ | ü",
                "\"quoted\" | quoted",
                "\"a \\\"b\\\" \\\\c\" | a \"b\" \\c",
                "\"%22\" | `\"`",
                "%22x%22 | `\"x\"`",
                "in\"side | in\"side",
            })
    void valuesAreUnquotedAndDecodedOnce(String header, String value) {
        assertThat(decode(Buffer.buffer(), "CE-Subject", header).headers().get("ce-subject"))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ce-subject | % | subject",
                "ce-subject | %2 | subject",
                "ce-subject | %zz | subject",
                "ce-subject | 50% off | subject",
                "ce-subject | %C3 | subject",
                "ce-subject | %C0%80 | subject",
                "ce-subject | %ED%A0%80 | subject",
                "ce-subject | %00 | subject",
                "ce-subject | %0A | subject",
                "ce-subject | € | subject",
                "ce-subject | `` | subject",
                "ce-subject | \"\" | subject",
                "ce-subject | \" | subject",
                "ce-subject | \"open | subject",
                "ce-subject | \"open\\\" | subject",
                "ce-subject | \"a\" b | subject",
                "ce-id | `` | id",
                "ce-type | `` | type",
                "ce-source | `` | source",
                "ce-time | noon | time",
                "ce-source | my shop | source",
                "ce-source | /a%20b%zz | source",
                "ce-dataschema | {x} | dataschema",
                "ce-specversion | 0.3 | specversion",
                "ce-data | x | data",
                "ce-data_base64 | x | data_base64",
                "ce-datacontenttype | text/plain | datacontenttype",
                "ce- | x | ``",
                "ce-a-b | x | a-b",
            })
    void aBadHeaderIsNamed(String header, String value, String attribute) {
        var refused = catchThrowableOfType(InvalidEventException.class, () -> decode(Buffer.buffer(), header, value));
        assertThat(refused).isNotNull();
        assertThat(refused.attribute()).isEqualTo(attribute);
    }

    @ParameterizedTest
    @CsvSource({"/a%2520b, /a%20b", "/a%20b, /a%20b", "/caf%C3%A9, /café"})
    void aUriIsUnderstoodEncodedOnceMoreOrAsItIs(String header, String source) {
        assertThat(decode(Buffer.buffer(), "ce-source", header).headers().get("ce-source"))
                .isEqualTo(source);
    }

    @Test
    void anAttributeIsGivenOnce() {
        assertThatThrownBy(() -> decode(Buffer.buffer(), "ce-id", "1", "CE-ID", "2"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("'id' is given twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | String",
                "Application/JSON; charset=utf-8 | String",
                "application/vnd.shop+json;v=1 | String",
                "text/json | String",
                "text/plain | String",
                "TEXT/csv; charset=\"US-ASCII\" | String",
                "application/octet-stream | Buffer",
                "application/xml | Buffer",
                "image/png | Buffer",
            })
    void theContentTypeSaysWhatTheBodyIs(String contentType, String kind) {
        Object data =
                decode(Buffer.buffer("\"a\""), "content-type", contentType).data();
        assertThat(data).isInstanceOf(kind.equals("String") ? String.class : Buffer.class);
        assertThat(data.toString())
                .isEqualTo(contentType.toLowerCase(Locale.ROOT).contains("json") ? "a" : "\"a\"");
    }

    @Test
    void textIsReadInItsCharset() {
        Buffer latin1 = Buffer.buffer("ü".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(decode(latin1, "content-type", "text/plain; format=flowed; Charset=iso-8859-1")
                        .data())
                .isEqualTo("ü");
        assertThatThrownBy(() -> decode(latin1, "content-type", "text/plain"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> decode(latin1, "content-type", "text/plain; charset=klingon"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("klingon");
    }

    @Test
    void badJsonIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> decode(Buffer.buffer("{\n\"a\" 1}"), "content-type", "application/json"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("not JSON")
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> decode(Buffer.buffer("1 2"), "content-type", "application/json"))
                .isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> decode(Buffer.buffer("NaN"), "content-type", "application/json"))
                .isInstanceOf(InvalidEventException.class);
    }

    @Test
    void anEmptyBodyIsNoDataAndBytesNeedNoType() {
        assertThat(decode(Buffer.buffer(), "content-type", "application/json").data())
                .isNull();
        assertThat(decode(Buffer.buffer("x")).data()).isEqualTo(Buffer.buffer("x"));
        assertThat(decode(Buffer.buffer("null"), "content-type", "application/json")
                        .data())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | BINARY",
                "application/json | BINARY",
                "application/cloudevents+json | STRUCTURED",
                "Application/CloudEvents+JSON; charset=UTF-8 | STRUCTURED",
                "application/cloudevents-batch+json | BATCH",
                "APPLICATION/CLOUDEVENTS-BATCH+JSON;charset=utf-8 | BATCH",
            })
    void theContentTypeSaysTheMode(String contentType, ContentMode mode) {
        assertThat(ContentMode.of(contentType)).isEqualTo(mode);
    }

    @Test
    void otherCloudEventsFormatsAreRefused() {
        assertThatThrownBy(() -> ContentMode.of("application/cloudevents+avro"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("application/cloudevents+json");
    }
}
