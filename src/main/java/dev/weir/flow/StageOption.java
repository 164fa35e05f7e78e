package dev.weir.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option of a kind of stage or target.
 *
 * @param name as written
 * @param kind what is written behind it
 * @param absent what holds without it, null when nothing does
 * @param required whether it must be there
 * @param meaning one or two sentences
 * @param choices what a {@link Kind#CHOICE} may be, and words that may stand for a {@link Kind#BRANCH}; else empty
 * @param least of a {@link Kind#COUNT}
 * @param most of a {@link Kind#COUNT}
 */
public record StageOption(
        String name,
        Kind kind,
        @Nullable String absent,
        boolean required,
        String meaning,
        List<String> choices,
        long least,
        long most) {
    /** What an option's value is. */
    public enum Kind {
        EXPRESSION("an expression"),
        EXPRESSIONS("a map of names to expressions"),
        DURATION("a duration"),
        COUNT("a whole number"),
        SIZE("a size such as `64KiB`"),
        FLAG("`true` or `false`"),
        TEXT("text"),
        TEXTS("a list of texts"),
        MAP("a map of names to texts"),
        CHOICE("one of"),
        RETRY("`{backoff: [...], attempts: n}`"),
        BRANCH("`{stages: [...], to: ...}`"),
        BRANCHES("a list of `{when: ..., stages: [...], to: ...}`"),
        RAW("see there");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    /** Copies what it is given. */
    public StageOption {
        choices = List.copyOf(choices);
    }

    private static StageOption of(String name, Kind kind, @Nullable String absent, String meaning) {
        return new StageOption(name, kind, absent, false, meaning, List.of(), 0, 0);
    }

    /** One that need not be there and has no default. */
    public static StageOption optional(String name, Kind kind, String meaning) {
        return of(name, kind, null, meaning);
    }

    /** One that must be there. */
    public static StageOption required(String name, Kind kind, String meaning) {
        return new StageOption(name, kind, null, true, meaning, List.of(), 0, 0);
    }

    /** A duration of at least 1 ms. */
    public static StageOption duration(String name, String absent, String meaning) {
        return of(name, Kind.DURATION, absent, meaning);
    }

    /** A whole number within bounds. */
    public static StageOption count(String name, long absent, long least, long most, String meaning) {
        return new StageOption(name, Kind.COUNT, Long.toString(absent), false, meaning, List.of(), least, most);
    }

    /** A size in bytes. */
    public static StageOption size(String name, String absent, String meaning) {
        return of(name, Kind.SIZE, absent, meaning);
    }

    /** Yes or no. */
    public static StageOption flag(String name, boolean absent, String meaning) {
        return of(name, Kind.FLAG, Boolean.toString(absent), meaning);
    }

    /** Text with a default. */
    public static StageOption text(String name, String absent, String meaning) {
        return of(name, Kind.TEXT, absent, meaning);
    }

    /**
     * A side output, or a word in place of it.
     *
     * @param absent what holds without it, null when the meaning says it
     * @param words what may be written instead
     */
    public static StageOption branch(String name, @Nullable String absent, List<String> words, String meaning) {
        return new StageOption(name, Kind.BRANCH, absent, false, meaning, words, 0, 0);
    }

    /** The first choice holds without it. */
    public static StageOption choice(String name, List<String> choices, String meaning) {
        return new StageOption(name, Kind.CHOICE, choices.get(0), false, meaning, choices, 0, 0);
    }
}
