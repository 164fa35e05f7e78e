package dev.weir.bus;

import dev.weir.config.ByteSize;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.time.Durations;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads {@code keep:} of a policy. */
final class KeepParser {
    private static final String EXAMPLE = "write it as in keep: {events: 1000, age: 7d}, or keep: latest";
    private static final Set<String> KEYS = Set.of("events", "age", "hold");

    private final Problems problems;

    KeepParser(Problems problems) {
        this.problems = problems;
    }

    /** What is kept; null when nothing is, or when it is written wrongly (a problem was noted then). */
    @Nullable
    Keep parse(@Nullable RawValue raw) {
        if (raw == null) {
            return null;
        }
        if ("latest".equals(raw.value())) {
            return Keep.LATEST;
        }
        if (!(raw.value() instanceof Map<?, ?> keys)) {
            problems.add(raw.at(), "keep is " + raw.value() + ", expected a map with events or age", EXAMPLE);
            return null;
        }
        if (!known(keys) || !(keys.containsKey("events") || keys.containsKey("age"))) {
            problems.add(
                    raw.at(),
                    "keep has the keys " + new TreeSet<>(keys.keySet()) + ", known are events, age and hold, of which"
                            + " events or age is needed",
                    EXAMPLE);
            return null;
        }
        List<?> holds = keys.get("hold") instanceof RawValue hold
                ? hold.value() instanceof List<?> several ? several : List.of(hold)
                : List.of();
        if (holds.size() > 2 || (holds.size() == 2 && (one(holds, true) == null || one(holds, false) == null))) {
            problems.add(raw.at(), "keep.hold takes a duration, a size, or one of each", "write hold: [7d, 1GiB]");
        }
        return new Keep(
                events(keys.get("events")),
                millis("age", keys.get("age"), Long.MAX_VALUE),
                millis("hold", one(holds, false), Keep.HOLD_MILLIS),
                bytes(one(holds, true)),
                false);
    }

    private static boolean known(Map<?, ?> keys) {
        return keys.keySet().stream().allMatch(key -> KEYS.contains(String.valueOf(key)));
    }

    /** Of what that key has, the size or what is no size. */
    private static @Nullable Object one(List<?> holds, boolean size) {
        return holds.stream()
                .filter(each -> size == (each instanceof RawValue raw && isSize(String.valueOf(raw.value()))))
                .findFirst()
                .orElse(null);
    }

    private static boolean isSize(String text) {
        return text.endsWith("B");
    }

    private long bytes(@Nullable Object value) {
        if (!(value instanceof RawValue raw)) {
            return Keep.HOLD_BYTES;
        }
        try {
            return ByteSize.parse(String.valueOf(raw.value())).bytes();
        } catch (IllegalArgumentException | ArithmeticException e) {
            problems.add(raw.at(), "keep.hold: " + e.getMessage(), "write it as in hold: [7d, 1GiB]");
            return Keep.HOLD_BYTES;
        }
    }

    private long events(@Nullable Object value) {
        if (!(value instanceof RawValue raw)) {
            return Long.MAX_VALUE;
        }
        if (raw.value() instanceof Long number && number >= 1) {
            return number;
        }
        problems.add(raw.at(), "keep.events is " + raw.value() + ", expected a whole number from 1", EXAMPLE);
        return Long.MAX_VALUE;
    }

    private long millis(String key, @Nullable Object value, long absent) {
        if (!(value instanceof RawValue raw)) {
            return absent;
        }
        try {
            long millis = Durations.parse(String.valueOf(raw.value())).toMillis();
            if (millis >= 1_000) {
                return millis;
            }
            problems.add(raw.at(), "keep." + key + " is " + raw.value() + ", at least 1s is needed", EXAMPLE);
        } catch (IllegalArgumentException | ArithmeticException e) {
            problems.add(raw.at(), "keep." + key + ": " + e.getMessage(), EXAMPLE);
        }
        return absent;
    }
}
