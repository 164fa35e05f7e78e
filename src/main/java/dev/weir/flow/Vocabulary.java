package dev.weir.flow;

import java.nio.file.Path;
import java.util.List;

/**
 * What flow files may say, beyond the language itself.
 *
 * @param stages the kinds of stages
 * @param targets the kinds of targets
 * @param inputs the names of the kinds of inputs besides addresses
 * @param home what relative paths resolve against
 */
public record Vocabulary(List<StageType> stages, List<StageType> targets, List<String> inputs, Path home) {
    /** Copies what it is given. */
    public Vocabulary {
        stages = List.copyOf(stages);
        targets = List.copyOf(targets);
        inputs = List.copyOf(inputs);
    }
}
