package dev.weir.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kind of stage or target. From it come the check of its options, the reference page, the editors' schema and the tests that every
 * stage must pass.
 *
 * @param name as in {@code - filter: ...}
 * @param summary one sentence
 * @param delivery what is promised of its events, one or two sentences
 * @param shorthand the option that a value alone means, as in {@code filter: event.data.ok}; null when it has none
 * @param options its options
 * @param traits what else is to be known of it
 * @param example YAML of the stage that a user could write, of one line or more
 * @param maker makes one of its options, noting problems
 */
public record StageType(
        String name,
        String summary,
        String delivery,
        @Nullable String shorthand,
        List<StageOption> options,
        Traits traits,
        String example,
        Maker maker) {
    /** The option of keyed stages that says what they group by. */
    public static final String BY = "by";

    /** Reads and compiles options once, when a flow is loaded. */
    @FunctionalInterface
    public interface Maker {
        /** What makes the stage for each lane; never used when problems were noted. */
        Factory make(StageOptions options);
    }

    /** Makes a stage for a lane. */
    @FunctionalInterface
    public interface Factory {
        /** A new stage; states are to be asked for now. */
        Stage create(StageContext context);
    }

    /**
     * What else is to be known of a kind of stage.
     *
     * @param keyed whether it remembers by the option {@link #BY}, so that a flow can be spread by that key only
     * @param outputs names of side outputs that need not have been written as branches
     * @param outside whether it reaches something outside of Weir or asks others, so that tests and dry runs answer in its place
     */
    public record Traits(boolean keyed, List<String> outputs, boolean outside) {
        /** A stage that remembers nothing and reaches nothing. */
        public static final Traits PLAIN = new Traits(false, List.of(), false);

        /** A stage that remembers by key. */
        public static final Traits KEYED = new Traits(true, List.of(), false);

        /** A stage that asks others. */
        public static final Traits OUTSIDE = new Traits(false, List.of(), true);

        /** Copies what it is given. */
        public Traits {
            outputs = List.copyOf(outputs);
        }
    }

    /** Copies what it is given. */
    public StageType {
        options = List.copyOf(options);
    }
}
