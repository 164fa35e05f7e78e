package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Keep;
import java.util.List;

/** Every engine finds events by the time of their append. Hours lie between them, so that the time a test takes does not matter. */
final class AppendTimes {
    static final long HOUR = 3_600_000;
    private static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);

    /** Moves the clock. */
    interface Hours {
        /** So many hours after the beginning; what the engine is told then. */
        long at(int hour) throws Exception;
    }

    private AppendTimes() {}

    static void check(Engine engine, long begun, Hours clock) throws Exception {
        long now = begun;
        for (int hour = 0; hour < 20; hour++) {
            now = clock.at(hour);
            List<EventRow> two = List.of(EngineContract.row("a" + hour, "x"), EngineContract.row("b" + hour, "y"));
            List<EventRow> one = List.of(EngineContract.key("k" + hour, "key" + hour % 3, "1"));
            engine.commit(List.of(new Append("a", ALL, two), new Append("keys", Keep.LATEST, one)), now);
        }
        assertThat(engine.before("a", begun - HOUR).orElseThrow()).isZero();
        for (int hour = 0; hour < 20; hour++) {
            long later = begun + hour * HOUR + HOUR / 2;
            assertThat(engine.before("a", later).orElseThrow()).isEqualTo(2L * hour + 2);
            // What is left there are the last three.
            assertThat(engine.before("keys", later).orElseThrow()).isEqualTo(hour < 17 ? 0 : hour + 1);
        }
        List<EventRow> last = List.of(EngineContract.row("last", "z"));
        engine.commit(List.of(new Append("a", new Keep(11, Long.MAX_VALUE, 0), last)), now);
        assertThat(engine.before("a", begun).orElseThrow())
                .as("the floor or below")
                .isLessThanOrEqualTo(30);
        assertThat(engine.before("a", begun + 17 * HOUR + HOUR / 2).orElseThrow())
                .isEqualTo(36);
        assertThat(engine.before("none", begun).orElseThrow()).isZero();
    }
}
