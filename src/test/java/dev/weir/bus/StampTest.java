package dev.weir.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.time.VirtualTime;
import io.vertx.core.MultiMap;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StampTest {
    private static final Origin ORIGIN = Origin.node("test");
    private static final String GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Stamp stamp = new Stamp(new VirtualTime(Instant.EPOCH));

    private MultiMap completed(String... headers) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            map.add(headers[i], headers[i + 1]);
        }
        assertThat(stamp.complete(ORIGIN, map)).isEqualTo(map.get("ce-id"));
        return map;
    }

    @Test
    void anEventOfItsOwnBeginsACorrelationAndATrace() {
        MultiMap headers = completed();
        assertThat(headers.names())
                .containsExactlyInAnyOrder("ce-id", "ce-source", "ce-time", "ce-correlationid", "traceparent");
        assertThat(headers.get("ce-correlationid")).isEqualTo(headers.get("ce-id"));
        assertThat(headers.get("traceparent")).matches(TraceParent::isValid);
    }

    @Test
    void whatTheProducerSaysOfWhereItBelongsIsKept() {
        MultiMap headers = completed("ce-id", "2", "ce-correlationid", "1", "ce-causationid", "p", "CE-Time", "then");
        assertThat(headers.get("ce-correlationid")).isEqualTo("1");
        assertThat(headers.get("ce-causationid")).isEqualTo("p");
        assertThat(headers.getAll("ce-time")).containsExactly("then");
    }

    @Test
    void aTraceGoesOnWithItsState() {
        MultiMap headers = completed("traceparent", GIVEN, "tracestate", "a=1");
        assertThat(headers.getAll("traceparent"))
                .singleElement()
                .asString()
                .startsWith(GIVEN.substring(0, 36))
                .isNotEqualTo(GIVEN);
        assertThat(headers.get("tracestate")).isEqualTo("a=1");
    }

    @Test
    void aTraceThatCannotBeReadIsBegunAnewWithoutItsState() {
        for (String bad : new String[] {"00-1-2-01", "", "nonsense"}) {
            MultiMap headers = completed("traceparent", bad, "tracestate", "a=1");
            assertThat(headers.get("traceparent")).matches(TraceParent::isValid);
            assertThat(headers.contains("tracestate")).isFalse();
        }
        assertThat(completed("tracestate", "a=1").contains("tracestate")).isFalse();
    }
}
