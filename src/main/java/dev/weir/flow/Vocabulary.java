package dev.weir.flow;

import dev.weir.bus.Functions;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import java.nio.file.Path;
import java.util.List;

/**
 * What flow files may say, beyond the language itself.
 *
 * @param stages the kinds of stages
 * @param targets the kinds of targets
 * @param inputs the names of the kinds of inputs besides addresses
 * @param inputCheck notes what is wrong with an input's options
 * @param functions reads what is written in another language
 * @param home what relative paths resolve against
 */
public record Vocabulary(
        List<StageType> stages,
        List<StageType> targets,
        List<String> inputs,
        InputCheck inputCheck,
        Functions functions,
        Path home) {
    /** Looks at the options of an input. */
    @FunctionalInterface
    public interface InputCheck {
        /** Notes what is wrong. */
        void check(String kind, RawValue options, Problems problems);
    }

    /** Copies what it is given. */
    public Vocabulary {
        stages = List.copyOf(stages);
        targets = List.copyOf(targets);
        inputs = List.copyOf(inputs);
    }
}
