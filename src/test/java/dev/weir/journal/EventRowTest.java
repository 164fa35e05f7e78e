package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** What is stored of an event comes back as it was. */
class EventRowTest {
    private static MultiMap headers(String... pairs) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < pairs.length; i += 2) {
            map.add(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static void comesBack(MultiMap headers) {
        EventRow row = EventRow.of(headers, new JsonObject().put("n", 1), false);
        MultiMap back = row.busHeaders();
        assertThat(back.names()).isEqualTo(headers.names());
        headers.names().forEach(name -> assertThat(back.getAll(name)).isEqualTo(headers.getAll(name)));
        if (row.headers() != null) {
            assertThat(new JsonObject(row.headers()).size()).isPositive();
        }
    }

    @Test
    void headersOfAllKindsComeBack() {
        comesBack(headers("ce-id", "1", "ce-source", "/a", "ce-type", "t", "ce-subject", "s", "ce-authid", "me"));
        comesBack(headers("ce-id", "1", "traceparent", "00-1", "ce-correlationid", "x", "plain", ""));
        comesBack(headers("a", "quote \" and \\ and \u0001 and \n", "b", "[not, an array]", "c", "{\"d\":\"e\"}"));
        comesBack(headers("a", "ä\u2028€", "ä", "1"));
        comesBack(headers("a", "1", "b", "2", "A", "3"));
        comesBack(headers("CE-ID", "1", "Ce-Type", "t"));
        comesBack(headers());
    }

    @Test
    void headersOfWeirItselfAreNotStoredAndOfAColumnTheFirstCounts() {
        EventRow row = EventRow.of(headers("weir-offset", "7", "ce-id", "1", "ce-id", "2"), null, true);
        assertThat(row.headers()).isNull();
        assertThat(row.id()).isEqualTo("1");
        assertThat(row.json()).isNull();
    }

    @Test
    void headersThatOthersWroteAreReadWhateverTheirSpelling() {
        EventRow row = new EventRow(
                "1", "/", "t", null, null, null, false, "{ \"a\" : \"1\", \"b\": [\"2\",\"3\"], \"c\":4 }", 0, null);
        MultiMap back = row.busHeaders();
        assertThat(back.get("a")).isEqualTo("1");
        assertThat(back.getAll("b")).containsExactly("2", "3");
        assertThat(back.get("c")).isEqualTo("4");
    }

    @Test
    void anAttributeWithNulIsRefusedByName() {
        assertThatThrownBy(() -> EventRow.of(headers("ce-subject", "a\u0000b"), null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ce-subject");
    }

    @Test
    void whatAnIndexCannotHoldIsRefused() {
        String longest = "ä".repeat(EventRow.MOST_NAME_BYTES / 2);
        comesBack(headers("ce-id", longest, "ce-subject", longest, "ce-source", longest + longest));
        for (String name : new String[] {"ce-id", "CE-Subject"}) {
            assertThatThrownBy(() -> EventRow.of(headers(name, longest + "x"), null, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("2000 bytes");
        }
    }
}
