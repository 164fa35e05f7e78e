package dev.weir.flow;

import dev.weir.config.Location;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One test in a flow's file.
 *
 * @param begin what time it is at first
 * @param end when the inputs end, null when they do not
 * @param dead dead letters that there must be, in their order
 * @param answers of stages that ask others, by the stage's id, in their order; the last one is given again and again
 */
record FlowTest(
        String name,
        Instant begin,
        List<Given> given,
        @Nullable Duration end,
        List<Expected> expect,
        List<Died> dead,
        Map<String, List<Rehearsal.Answer>> answers,
        Location at) {
    FlowTest {
        given = List.copyOf(given);
        expect = List.copyOf(expect);
        dead = List.copyOf(dead);
        answers = Map.copyOf(answers);
    }

    /** An event that comes in. */
    record Given(
            Duration at,
            String input,
            @Nullable String type,
            @Nullable String key,
            Map<String, String> attributes,
            @Nullable Object data,
            Location where) {
        Given {
            attributes = Map.copyOf(attributes);
        }
    }

    /**
     * A dead letter that there must be.
     *
     * @param stage null for any
     * @param error what its last error has in it, null for anything
     */
    record Died(@Nullable String stage, @Nullable String error, Location where) {}

    /** An event that must come out; what is null may be anything. Of a map only the keys that are there are compared. */
    record Expected(
            @Nullable Duration at,
            @Nullable String address,
            @Nullable String type,
            @Nullable String key,
            Map<String, String> attributes,
            boolean hasData,
            @Nullable Object data,
            Location where) {
        Expected {
            attributes = Map.copyOf(attributes);
        }
    }
}
