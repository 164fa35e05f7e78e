package dev.weir.edge.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Position;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastEventIdTest {
    @Test
    void whatPositionsWriteIsReadAgain() {
        Positions positions = new Positions(List.of("orders", "chat.a", "new"), false);
        assertThat(positions.text()).isEmpty();
        positions.at("chat.a", new Position("e2", 9));
        positions.at("orders", new Position("e1", 17));
        assertThat(positions.text()).isEqualTo("orders=e1:17,chat.a=e2:9");
        LastEventId read = LastEventId.parse(positions.text());
        assertThat(read.of("orders")).isEqualTo(new Position("e1", 17));
        assertThat(read.of("chat.a")).isEqualTo(new Position("e2", 9));
        assertThat(read.of("new")).isNull();
        assertThat(read.broken()).isFalse();
    }

    @Test
    void aStreamOfOneAddressWritesItsPositionAlone() {
        Positions positions = new Positions(List.of("orders"), true);
        positions.at("orders", new Position("e1", 17));
        assertThat(positions.text()).isEqualTo("e1:17");
        assertThat(LastEventId.parse("e1:17").of("whatever")).isEqualTo(new Position("e1", 17));
    }

    @Test
    void whatTheClientNamedStandsUntilItIsToldWhereTheStreamBegins() {
        Positions positions = new Positions(List.of("a", "b"), false);
        positions.beginAt(LastEventId.parse("b=e:2,a=e:1,gone=e:3"));
        assertThat(positions.text()).isEqualTo("a=e:1,b=e:2");
        positions.at("a", new Position("f", 0));
        assertThat(positions.text()).isEqualTo("a=f:0,b=e:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void anEmptyIdIsNone(String header) {
        LastEventId read = LastEventId.parse(header);
        assertThat(read.of("orders")).isNull();
        assertThat(read.broken()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "h2kq9x1z-1f", "e1:", ":1", "e1:1x", "e1:1234567890123456789"})
    void anIdThatIsNoPositionSaysSo(String header) {
        LastEventId read = LastEventId.parse(header);
        assertThat(read.of("orders")).isNull();
        assertThat(read.broken()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=", "=e:1", "a=e:1,", "a=e:1,b", "a=e:1,a=e:2", "a=x", "a=e:1;b=e:2"})
    void anIdThatIsBrokenSaysSo(String header) {
        assertThat(LastEventId.parse(header).broken()).isTrue();
        assertThat(LastEventId.parse("a=e:1" + ",b=e:2".repeat(1_000)).broken()).isTrue();
    }

    @Test
    void anIdIsBounded() {
        assertThat(Positions.fit(List.of("a".repeat(200), "b".repeat(200)))).isTrue();
        assertThat(Positions.fit(java.util.Collections.nCopies(17, "a".repeat(200))))
                .isFalse();
    }
}
