package dev.weir.flow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Stands for the world outside, in tests and dry runs: stages and targets that would reach it talk to this instead. */
public interface Rehearsal {
    /**
     * What an outside answers.
     *
     * @param data a JSON value
     * @param error when it fails; null when it answers
     * @param after how long it takes; null for at once
     */
    record Answer(
            @Nullable Object data,
            @Nullable String error,
            @Nullable Duration after) {}

    /** Whether answers were given for the stage; what needs none goes well without. */
    boolean isAnswered();

    /**
     * The next answer to the stage. Throws a {@link StageException} when none was given; in a dry run, where nobody is asked, a {@link
     * NotCalledException}.
     */
    Answer answer();

    /** A target would have given this to the outside. */
    void emitted(String target, FlowEvent event);
}
