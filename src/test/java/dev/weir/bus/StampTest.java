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

    /** Samples traces with even ids and grants the wishes of two. */
    private static final class Even implements Spans {
        private int granted;

        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public boolean samples(long random) {
            return random % 2 == 0;
        }

        @Override
        public boolean grants() {
            return granted++ < 2;
        }
    }

    private static final Origin OUTSIDE = new Origin(Principal.ANONYMOUS, "c", "/http", null, false);
    private final Stamp sampling = new Stamp(new VirtualTime(Instant.EPOCH), new Even());

    private boolean sampled(Origin origin, String trace, String flags) {
        String given = "00-" + trace + "-b7ad6b7169203331-" + flags;
        MultiMap map = MultiMap.caseInsensitiveMultiMap().add("traceparent", given);
        boolean sampled = sampling.complete(origin, null, map, given);
        assertThat(map.get("traceparent")).startsWith("00-" + trace).endsWith(sampled ? "-01" : "-00");
        return sampled;
    }

    @Test
    void theShareDecidesOverTracesThatBeginAndTheFlagSaysSo() {
        for (int i = 0; i < 100; i++) {
            MultiMap map = MultiMap.caseInsensitiveMultiMap();
            boolean sampled = sampling.complete(OUTSIDE, null, map, null);
            String trace = map.get("traceparent");
            assertThat(sampled).isEqualTo(Character.digit(trace.charAt(34), 16) % 2 == 0);
            assertThat(TraceParent.isSampled(trace)).isEqualTo(sampled);
        }
    }

    @Test
    void aSampledTraceOfAnOutsiderIsHonouredAsFarAsTheRateGoes() {
        String odd = "0af7651916cd43dd8448eb211c80319d";
        String even = "0af7651916cd43dd8448eb211c80319c";
        assertThat(sampled(OUTSIDE, odd, "00")).isFalse();
        assertThat(sampled(OUTSIDE, even, "00")).isFalse();
        assertThat(sampled(OUTSIDE, even, "01")).isTrue();
        assertThat(sampled(OUTSIDE, odd, "01")).isTrue();
        assertThat(sampled(OUTSIDE, odd, "01")).isTrue();
        assertThat(sampled(OUTSIDE, odd, "01")).isFalse();
        assertThat(sampled(OUTSIDE, even, "01")).isTrue();
        assertThat(sampled(ORIGIN, odd, "01")).isTrue();
        assertThat(sampled(ORIGIN, even, "00")).isFalse();
    }

    @Test
    void theWishToBeRecordedIsGrantedToSomeAndTravelsNoFurther() {
        MultiMap own = MultiMap.caseInsensitiveMultiMap().add("Weir-Trace", "1").add("traceparent", GIVEN);
        own.set("traceparent", GIVEN.substring(0, 53) + "00");
        assertThat(sampling.complete(ORIGIN, null, own, own.get("traceparent"))).isTrue();
        assertThat(own.contains("weir-trace")).isFalse();
        MultiMap unknown = MultiMap.caseInsensitiveMultiMap().add("weir-trace", "1");
        unknown.add("traceparent", GIVEN.substring(0, 53) + "00");
        assertThat(sampling.complete(OUTSIDE, null, unknown, unknown.get("traceparent")))
                .isFalse();
        assertThat(unknown.contains("weir-trace")).isFalse();
    }
}
