package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.flow.sink.BuiltInTargets;
import dev.weir.flow.stage.BuiltInStages;
import dev.weir.script.ScriptFunctions;
import dev.weir.source.BuiltInSources;
import dev.weir.source.SourceType;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
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
            new ScriptFunctions(),
            Path.of("").toAbsolutePath());

    private static final int RESTARTED = 20;

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

    /**
     * All tests of the flow pass, at least one is there; and they pass too when the flow ends and begins anew at random moments,
     * unless it asks others, who would be asked again.
     */
    public static void check(String yaml) {
        FlowSpec flow = read(yaml);
        passed(FlowTester.run(flow), "run through");
        if (flow.all().stream().noneMatch(stage -> stage.type().traits().outside())) {
            for (int seed = 0; seed < RESTARTED; seed++) {
                passed(FlowTester.runWithRestarts(flow, new Random(seed)), "restarted, seed " + seed);
            }
        }
    }

    /** All tests of the flow pass, at least one is there; of flows whose result a restart may change. */
    public static void checkWithoutRestarts(String yaml) {
        passed(FlowTester.run(read(yaml)), "run through");
    }

    private static void passed(List<FlowTester.Result> results, String how) {
        assertThat(results).isNotEmpty().allSatisfy(result -> assertThat(result.problems())
                .as(result.test().name() + ", " + how)
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
