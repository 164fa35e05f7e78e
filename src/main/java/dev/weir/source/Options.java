package dev.weir.source;

import dev.weir.config.ByteSize;
import dev.weir.config.Location;
import dev.weir.config.Nearest;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The options of one source as they were written, checked as they are read; what is absent is as its type says. */
public final class Options {
    private static final Duration SHORTEST = Duration.ofMillis(10);

    private static final long MOST_BYTES = 64L << 20;

    private final String kind;
    private final Location at;
    private final Problems problems;
    private final Map<String, SourceOption> known = new HashMap<>();
    private final Map<String, RawValue> values = new HashMap<>();
    private final Set<String> noted = new HashSet<>();

    Options(SourceType type, RawValue raw, Problems problems) {
        this.kind = type.name();
        this.at = raw.at();
        this.problems = problems;
        List<String> names = type.options().stream().map(SourceOption::name).toList();
        type.options().forEach(option -> known.put(option.name(), option));
        if (raw.value() instanceof Map<?, ?> given) {
            given.forEach((name, value) -> {
                if (name instanceof String text && value instanceof RawValue option) {
                    if (!known.containsKey(text)) {
                        problems.add(option.at(), kind + ": unknown option " + text, mend(text, names));
                    }
                    values.put(text, option);
                }
            });
        }
    }

    /** What to say of a name that is not known. */
    static String mend(String name, List<String> known) {
        return Nearest.to(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("known: " + String.join(", ", known));
    }

    /** Whether it was written at all. */
    boolean has(String name) {
        return values.containsKey(name);
    }

    /** A duration of at least 10 ms. */
    Duration duration(String name) {
        Duration absent = Durations.parse(Objects.requireNonNull(spec(name).absent(), "a duration has a default"));
        RawValue raw = values.get(name);
        if (raw == null) {
            return absent;
        }
        try {
            Duration parsed = Durations.parse(String.valueOf(raw.value()));
            if (parsed.compareTo(SHORTEST) >= 0) {
                return parsed;
            }
            wrong(name, raw.value() + " is too short", "write at least 10ms");
        } catch (IllegalArgumentException wrong) {
            wrong(name, String.valueOf(wrong.getMessage()), "write it like 1s");
        }
        return absent;
    }

    /** Text; when it must be there and is not, that is a problem and the text is empty. */
    String text(String name) {
        RawValue raw = values.get(name);
        SourceOption spec = spec(name);
        if (raw == null) {
            if (spec.required()) {
                problems.add(at, kind + ": " + name + " is missing", "add " + name + ": ...");
            }
            return Objects.requireNonNullElse(spec.absent(), "");
        }
        if (raw.value() instanceof String text && !text.isBlank()) {
            return text;
        }
        wrong(name, "expected text", "write it as in " + name + ": \"...\"");
        return "";
    }

    /** What was written, spaces and numbers as they are; empty when it is absent. */
    String raw(String name) {
        RawValue raw = values.get(name);
        return raw == null ? "" : String.valueOf(raw.value());
    }

    /** One of the choices. */
    String choice(String name) {
        SourceOption spec = spec(name);
        RawValue raw = values.get(name);
        String text = raw == null ? spec.absent() : String.valueOf(raw.value());
        if (text == null || !spec.choices().contains(text)) {
            wrong(name, text + " is not known", "write one of " + String.join(", ", spec.choices()));
            return spec.choices().get(0);
        }
        return text;
    }

    /** True or false. */
    boolean flag(String name) {
        RawValue raw = values.get(name);
        if (raw != null && raw.value() instanceof Boolean flag) {
            return flag;
        }
        if (raw != null) {
            wrong(name, raw.value() + " is neither true nor false", "write " + name + ": true");
        }
        return Boolean.parseBoolean(spec(name).absent());
    }

    /** A finite number above 0; 0 when it is absent and has no default. */
    double number(String name) {
        RawValue raw = values.get(name);
        String absent = spec(name).absent();
        double otherwise = absent == null ? 0 : Double.parseDouble(absent);
        if (raw == null) {
            return otherwise;
        }
        if (raw.value() instanceof Number number && number.doubleValue() > 0 && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        wrong(name, raw.value() + " is no number above 0", "write it as in " + name + ": 60");
        return otherwise;
    }

    /** A number of bytes from 1 to 64 MiB. */
    int size(String name) {
        ByteSize absent = ByteSize.parse(Objects.requireNonNull(spec(name).absent(), "a size has a default"));
        RawValue raw = values.get(name);
        if (raw == null) {
            return absent.intBytes();
        }
        try {
            ByteSize parsed = ByteSize.parse(String.valueOf(raw.value()));
            if (parsed.bytes() >= 1 && parsed.bytes() <= MOST_BYTES) {
                return parsed.intBytes();
            }
            wrong(name, raw.value() + " is not within 1B and 64MiB", "write it like 1MiB");
        } catch (IllegalArgumentException wrong) {
            wrong(name, String.valueOf(wrong.getMessage()), "write it like 1MiB");
        }
        return absent.intBytes();
    }

    /** A map of texts, in the order in which it was written; numbers and booleans are as they were read. */
    Map<String, String> map(String name) {
        RawValue raw = values.get(name);
        Map<String, String> texts = new LinkedHashMap<>();
        if (raw != null && raw.value() instanceof Map<?, ?> given) {
            given.forEach((key, value) -> {
                if (value instanceof RawValue one && !(one.value() instanceof Map) && !(one.value() instanceof List)) {
                    texts.put(String.valueOf(key), String.valueOf(one.value()));
                } else {
                    wrong(name, key + " is no text", "write it as in " + name + ": {accept: text/plain}");
                }
            });
        } else if (raw != null) {
            wrong(name, "expected a map of texts", "write it as in " + name + ": {accept: text/plain}");
        }
        return texts;
    }

    /** A list of texts; one text alone counts as a list of one. */
    List<String> texts(String name) {
        RawValue raw = values.get(name);
        List<String> texts = new ArrayList<>();
        if (raw != null && raw.value() instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof RawValue one && one.value() instanceof String text) {
                    texts.add(text);
                } else {
                    wrong(name, "expected a list of texts", "write it as in " + name + ": [a, b]");
                }
            }
        } else if (raw != null) {
            texts.add(text(name));
        }
        return texts;
    }

    /** Notes what is wrong with an option, at its place; once. */
    void wrong(String name, String message, String mend) {
        RawValue raw = values.get(name);
        if (noted.add(name + message)) {
            problems.add(raw == null ? at : raw.at(), kind + "." + name + ": " + message, mend);
        }
    }

    private SourceOption spec(String name) {
        SourceOption option = known.get(name);
        if (option == null) {
            throw new IllegalStateException(kind + " declares no option " + name);
        }
        return option;
    }
}
