package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.flow.sink.BuiltInTargets;
import dev.weir.flow.stage.BuiltInStages;
import dev.weir.source.BuiltInSources;
import dev.weir.source.SourceType;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs flows from the YAML a user would write. */
public final class FlowRig {
    /** All that ships with Weir. */
    public static final Vocabulary WORDS = new Vocabulary(
            BuiltInStages.TYPES,
            BuiltInTargets.TYPES,
            BuiltInSources.TYPES.stream().map(SourceType::name).toList(),
            (kind, options, problems) ->
                    BuiltInSources.make(kind, options, Path.of("").toAbsolutePath(), problems),
            Path.of("").toAbsolutePath());

    private FlowRig() {}

    static @Nullable FlowSpec read(String yaml, Problems problems) {
        return new FlowReader(WORDS).read("flow.yaml", yaml, problems);
    }

    static FlowSpec read(String yaml) {
        Problems problems = new Problems();
        FlowSpec spec = read(yaml, problems);
        assertThat(problems.list()).isEmpty();
        return Objects.requireNonNull(spec);
    }

    /** All tests of the flow pass; at least one is there. */
    public static void check(String yaml) {
        List<FlowTester.Result> results = FlowTester.run(read(yaml));
        assertThat(results).isNotEmpty().allSatisfy(result -> assertThat(result.problems())
                .as(result.test().name())
                .isEmpty());
    }

    /** What the flow's tests complain about. */
    public static List<String> failures(String yaml) {
        return FlowTester.run(read(yaml)).stream()
                .flatMap(result -> result.problems().stream())
                .toList();
    }

    /** What is wrong with the file, as users see it. */
    public static List<String> problems(String yaml) {
        Problems problems = new Problems();
        read(yaml, problems);
        return problems.list().stream().map(Problem::toString).toList();
    }
}
