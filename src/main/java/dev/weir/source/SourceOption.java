package dev.weir.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option of a kind of source.
 *
 * @param name as written
 * @param kind what is written behind it
 * @param absent what holds without it, null when nothing does
 * @param required whether it must be there
 * @param meaning one or two sentences
 * @param choices what a {@link Kind#CHOICE} may be, else empty
 */
public record SourceOption(
        String name, Kind kind, @Nullable String absent, boolean required, String meaning, List<String> choices) {
    /** What an option's value is. */
    public enum Kind {
        DURATION("a duration, at least `10ms`"),
        TEXT("text"),
        TEXTS("a list of texts"),
        FLAG("`true` or `false`"),
        NUMBER("a number above 0"),
        SIZE("a size, `1B` to `64MiB`"),
        MAP("a map of texts"),
        CHOICE("one of");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For people. */
        String words() {
            return words;
        }
    }

    /** Copies what it is given. */
    public SourceOption {
        choices = List.copyOf(choices);
    }

    static SourceOption duration(String name, String absent, String meaning) {
        return new SourceOption(name, Kind.DURATION, absent, false, meaning, List.of());
    }

    static SourceOption required(String name, String meaning) {
        return new SourceOption(name, Kind.TEXT, null, true, meaning, List.of());
    }

    static SourceOption text(String name, @Nullable String absent, String meaning) {
        return new SourceOption(name, Kind.TEXT, absent, false, meaning, List.of());
    }

    static SourceOption texts(String name, String meaning) {
        return new SourceOption(name, Kind.TEXTS, "[]", false, meaning, List.of());
    }

    static SourceOption flag(String name, boolean absent, String meaning) {
        return new SourceOption(name, Kind.FLAG, String.valueOf(absent), false, meaning, List.of());
    }

    static SourceOption size(String name, String absent, String meaning) {
        return new SourceOption(name, Kind.SIZE, absent, false, meaning, List.of());
    }

    static SourceOption map(String name, String meaning) {
        return new SourceOption(name, Kind.MAP, "{}", false, meaning, List.of());
    }

    static SourceOption number(String name, @Nullable String absent, String meaning) {
        return new SourceOption(name, Kind.NUMBER, absent, false, meaning, List.of());
    }

    /** The first choice holds without it. */
    static SourceOption choice(String name, List<String> choices, String meaning) {
        return new SourceOption(name, Kind.CHOICE, choices.get(0), false, meaning, choices);
    }
}
