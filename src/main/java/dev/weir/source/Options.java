package dev.weir.source;

import dev.weir.config.Location;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.time.Durations;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options of one source as they were written, checked as they are read. */
public final class Options {
    private final String kind;
    private final Location at;
    private final Problems problems;
    private final Map<String, RawValue> values = new HashMap<>();

    Options(String kind, RawValue raw, Problems problems, Set<String> known) {
        this.kind = kind;
        this.at = raw.at();
        this.problems = problems;
        if (raw.value() instanceof Map<?, ?> given) {
            given.forEach((name, value) -> {
                if (name instanceof String text && value instanceof RawValue option) {
                    if (!known.contains(text)) {
                        problems.add(
                                option.at(),
                                kind + ": unknown option " + text,
                                known.isEmpty() ? "this source has none but to" : "known: " + String.join(", ", known));
                    }
                    values.put(text, option);
                }
            });
        }
    }

    /** A duration of at least 10 ms. */
    Duration duration(String name, Duration absent) {
        RawValue raw = values.get(name);
        if (raw == null) {
            return absent;
        }
        try {
            Duration parsed = Durations.parse(String.valueOf(raw.value()));
            if (parsed.toMillis() >= 10) {
                return parsed;
            }
            problems.add(raw.at(), kind + "." + name + ": " + raw.value() + " is too short", "write at least 10ms");
        } catch (IllegalArgumentException wrong) {
            problems.add(raw.at(), kind + "." + name + ": " + wrong.getMessage(), "write it like 1s");
        }
        return absent;
    }

    /** Text that must be there. */
    String text(String name) {
        RawValue raw = values.get(name);
        if (raw != null && raw.value() instanceof String text && !text.isBlank()) {
            return text;
        }
        problems.add(raw == null ? at : raw.at(), kind + ": " + name + " is missing", "add " + name + ": ...");
        return "";
    }

    /** The raw value, for options with a grammar of their own. */
    @Nullable
    RawValue raw(String name) {
        return values.get(name);
    }
}
