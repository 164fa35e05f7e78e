package dev.weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormatTest {
    private static Incoming decode(String json) {
        return JsonFormat.decode(Buffer.buffer(json));
    }

    private static Incoming greeting(String members) {
        return decode("{\"specversion\":\"1.0\",\"type\":\"greeting\"" + members + "}");
    }

    private static InvalidEventException refused(String json) {
        return catchThrowableOfType(InvalidEventException.class, () -> decode(json));
    }

    @Test
    void idSourceAndTimeMayBeAbsentAndNullsAreIgnored() {
        Incoming event = greeting(",\"id\":null,\"subject\":null,\"data\":null,\"data_base64\":null,\"ext\":null");
        assertThat(event.headers().names()).containsExactly("ce-type");
        assertThat(event.data()).isNull();
        assertThat(event.bytes()).isZero();
    }

    @Test
    void typedExtensionsBecomeTheirText() {
        Incoming event = greeting(
                ",\"yes\":true,\"no\":false,\"max\":2147483647,\"min\":-2147483648,\"zero\":-0,\"empty\":\"\",\"traceparent\":\"00-a\"");
        assertThat(event.headers().get("ce-yes")).isEqualTo("true");
        assertThat(event.headers().get("ce-no")).isEqualTo("false");
        assertThat(event.headers().get("ce-max")).isEqualTo("2147483647");
        assertThat(event.headers().get("ce-min")).isEqualTo("-2147483648");
        assertThat(event.headers().get("ce-zero")).isEqualTo("0");
        assertThat(event.headers().get("ce-empty")).isEmpty();
        assertThat(event.headers().get("traceparent")).isEqualTo("00-a");
        assertThat(event.headers().contains("ce-specversion")).isFalse();
    }

    @Test
    void dataIsAnyJsonValueOrBytesAndKnowsItsSize() {
        assertData("{\"a\":[1,2.5,null,{\"b\":\"ü\"}]}", new JsonObject("{\"a\":[1,2.5,null,{\"b\":\"ü\"}]}"));
        assertData("[ 1 ]", new JsonArray().add(1));
        assertData("\"a\\n\"", "a\n");
        assertData("12", 12);
        assertData("12345678901", 12345678901L);
        assertData("1.5", 1.5);
        assertData("true", true);
        Incoming bytes = greeting(",\"data_base64\":\"AAEC\"");
        assertThat(bytes.data()).isEqualTo(Buffer.buffer(new byte[] {0, 1, 2}));
        assertThat(bytes.bytes()).isEqualTo(3);
    }

    private static void assertData(String json, Object data) {
        for (String after : List.of("", " ", ",\"subject\":\"s\"")) {
            Incoming event = greeting(",\"data\":" + json + after);
            assertThat(event.data()).isEqualTo(data);
            assertThat(event.bytes()).as(json).isEqualTo(Buffer.buffer(json).length());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | body",
                "nonsense | body",
                "[] | body",
                "1 | body",
                "{ | body",
                "{'specversion':'1.0','type':'t'} x | body",
                "{} | specversion",
                "{'specversion':'1.0'} | type",
                "{'type':'t'} | specversion",
                "{'specversion':null,'type':'t'} | specversion",
                "{'specversion':'0.3','type':'t'} | specversion",
                "{'specversion':1.0,'type':'t'} | specversion",
                "{'specversion':'1.0','specversion':'1.0','type':'t'} | specversion",
                "{'specversion':'1.0','type':''} | type",
                "{'specversion':'1.0','type':7} | type",
                "{'specversion':'1.0','type':'t','type':'t'} | type",
                "{'specversion':'1.0','type':'t','id':''} | id",
                "{'specversion':'1.0','type':'t','id':1} | id",
                "{'specversion':'1.0','type':'t','source':''} | source",
                "{'specversion':'1.0','type':'t','subject':''} | subject",
                "{'specversion':'1.0','type':'t','subject':'a\\u0000b'} | subject",
                "{'specversion':'1.0','type':'t','subject':'\\ud800'} | subject",
                "{'specversion':'1.0','type':'t','time':'today'} | time",
                "{'specversion':'1.0','type':'t','time':1700000000} | time",
                "{'specversion':'1.0','type':'t','Upper':'x'} | Upper",
                "{'specversion':'1.0','type':'t','':'x'} | ``",
                "{'specversion':'1.0','type':'t','under_score':'x'} | under_score",
                "{'specversion':'1.0','type':'t','a12345678901234567890':'x'} | a12345678901234567890",
                "{'specversion':'1.0','type':'t','ext':1.5} | ext",
                "{'specversion':'1.0','type':'t','ext':2147483648} | ext",
                "{'specversion':'1.0','type':'t','ext':{}} | ext",
                "{'specversion':'1.0','type':'t','ext':[]} | ext",
                "{'specversion':'1.0','type':'t','data':1,'data':1} | data",
                "{'specversion':'1.0','type':'t','data':1,'data_base64':'AA=='} | data_base64",
                "{'specversion':'1.0','type':'t','data_base64':1} | data_base64",
                "{'specversion':'1.0','type':'t','data_base64':'*'} | data_base64",
                "{'specversion':'1.0','type':'t','data':{'n':1e999}} | data",
                "{'specversion':'1.0','type':'t','data':123456789012345678901} | data",
                "{'specversion':'1.0','type':'t','data':{'a':}} | body",
            })
    void aBadEventIsRefusedAndItsPlaceNamed(String json, String attribute) {
        InvalidEventException refused = refused(json.replace('\'', '"'));
        assertThat(refused).isNotNull();
        assertThat(refused.attribute()).isEqualTo(attribute);
        assertThat(refused.getStackTrace()).isEmpty();
    }

    @Test
    void depthIsBoundedAndTextIsUtf8() {
        String deep = "[".repeat(300) + "]".repeat(300);
        assertThat(refused("{\"specversion\":\"1.0\",\"type\":\"t\",\"data\":" + deep + "}")
                        .attribute())
                .isEqualTo("body");
        Buffer latin1 = Buffer.buffer("{\"specversion\":\"1.0\",\"type\":\"ü\"}", "ISO-8859-1");
        assertThat(catchThrowableOfType(InvalidEventException.class, () -> JsonFormat.decode(latin1))
                        .attribute())
                .isEqualTo("body");
    }

    @Test
    void aBatchMayBeEmptyAndCountsTheBytesOfEach() {
        assertThat(JsonFormat.decodeBatch(Buffer.buffer(" [ ] "))).isEmpty();
        List<Incoming> events = JsonFormat.decodeBatch(
                Buffer.buffer(
                        "[{\"specversion\":\"1.0\",\"type\":\"a\",\"data\":123},\n {\"data\":\"x\",\"specversion\":\"1.0\",\"type\":\"b\"}]"));
        assertThat(events).extracting(Incoming::data).containsExactly(123, "x");
        assertThat(events).extracting(Incoming::bytes).containsExactly(3, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "[{\"specversion\":\"1.0\",\"type\":\"a\"},{\"specversion\":\"2.0\"}]"})
    void aBadEventOfABatchIsNamedByItsIndex(String json) {
        var refused =
                catchThrowableOfType(InvalidEventException.class, () -> JsonFormat.decodeBatch(Buffer.buffer(json)));
        assertThat(refused.attribute()).isIn("[0].body", "[1].specversion");
        assertThat(refused).hasMessageMatching("event [01]: .*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[", "[{}", "[] []", "[{\"specversion\":\"1.0\",\"type\":\"a\"}"})
    void whatIsNoBatchIsRefused(String json) {
        assertThat(catchThrowableOfType(InvalidEventException.class, () -> JsonFormat.decodeBatch(Buffer.buffer(json))))
                .isNotNull();
    }

    @Test
    void anEventIsWrittenInTheOrderOfTheSpecification() {
        Event event = Event.builder()
                .id("1")
                .source("/s")
                .time(Instant.EPOCH)
                .extension("n", "1")
                .data(Buffer.buffer("ab"))
                .build();
        assertThat(JsonFormat.encode(event).toString())
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"message\","
                        + "\"time\":\"1970-01-01T00:00:00.000Z\",\"n\":\"1\",\"data_base64\":\"YWI=\"}");
        assertThat(JsonFormat.encodeBatch(List.of()).toString()).isEqualTo("[]");
    }
}
