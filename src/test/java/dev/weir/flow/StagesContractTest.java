package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.ByteSize;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.sink.BuiltInTargets;
import dev.weir.flow.stage.BuiltInStages;
import dev.weir.time.Durations;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of stage and target keeps to. */
class StagesContractTest {
    private static final Set<Kind> CHECKED = Set.of(
            Kind.EXPRESSION, Kind.DURATION, Kind.COUNT, Kind.SIZE, Kind.FLAG, Kind.TEXT, Kind.CHOICE, Kind.RETRY);

    static List<StageType> types() {
        return Stream.concat(BuiltInStages.TYPES.stream(), BuiltInTargets.TYPES.stream())
                .toList();
    }

    private static String flow(StageType type, String step) {
        String item = "  - " + step.strip().replace("\n", "\n    ") + "\n";
        return BuiltInTargets.TYPES.contains(type)
                ? "flow: one\nfrom: orders\nto:\n" + item
                : "flow: one\nfrom: orders\nstages:\n" + item + "to: out\n";
    }

    private static List<String> problems(StageType type, String step) {
        Problems problems = new Problems();
        FlowRig.read(flow(type, step), problems);
        return problems.list().stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @MethodSource("types")
    void itIsDescribed(StageType type) {
        assertThat(type.name()).matches("[a-z][a-z-]*");
        assertThat(type.summary()).endsWith(".");
        assertThat(type.delivery()).endsWith(".");
        assertThat(type.options().stream().map(StageOption::name)).doesNotHaveDuplicates();
        if (type.shorthand() != null) {
            assertThat(type.options()).anyMatch(option -> option.name().equals(type.shorthand()));
        }
        assertThat(type.traits().outputs())
                .isSubsetOf(type.options().stream().map(StageOption::name).toList());
    }

    @ParameterizedTest
    @MethodSource("types")
    void itsOptionsAreDocumented(StageType type) {
        assertThat(type.options()).allSatisfy(option -> {
            assertThat(option.name()).matches("[a-z][a-z-]*");
            assertThat(option.meaning()).endsWith(".");
            assertThat(option.required() && option.absent() != null).isFalse();
            String absent = option.absent();
            switch (option.kind()) {
                case COUNT -> {
                    assertThat(option.least()).isLessThanOrEqualTo(option.most());
                    if (absent != null) {
                        assertThat(Long.parseLong(absent)).isBetween(option.least(), option.most());
                    }
                }
                case CHOICE -> {
                    if (absent != null) {
                        assertThat(option.choices()).contains(absent);
                    }
                }
                case DURATION -> {
                    if (absent != null) {
                        assertThat(Durations.parse(absent)).isNotNull();
                    }
                }
                case SIZE -> {
                    if (absent != null) {
                        assertThat(ByteSize.parse(absent).bytes()).isPositive();
                    }
                }
                case FLAG -> assertThat(absent).isIn("true", "false");
                default -> {}
            }
        });
    }

    @ParameterizedTest
    @MethodSource("types")
    void itsExampleIsRight(StageType type) {
        assertThat(type.example()).startsWith(type.name() + ":");
        assertThat(problems(type, type.example())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void anUnknownOptionIsToldWithTheNearest(StageType type) {
        for (StageOption option : type.options()) {
            String wrong = option.name() + "x";
            if (type.options().stream().noneMatch(other -> other.name().equals(wrong))) {
                assertThat(problems(type, type.name() + ": {}\n" + wrong + ": 1"))
                        .as(wrong)
                        .anyMatch(problem -> problem.contains(type.name() + ": unknown option " + wrong)
                                && problem.contains("did you mean "));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void whatIsRequiredIsMissed(StageType type) {
        List<String> problems = problems(type, type.name() + ": {}");
        type.options().stream().filter(StageOption::required).forEach(option -> assertThat(problems)
                .anyMatch(problem -> problem.contains(type.name() + ": " + option.name() + " is missing")));
    }

    /** Beside the name of the stage, but for those options whose names mean something else there. */
    private static String wrong(StageType type, String option) {
        if (option.equals("id") || option.equals(type.name())) {
            return type.name() + ": {" + option + ": [{a: 1}]}";
        }
        // Some options of a call are looked at only where it has a URL.
        String others = type.name().equals("call") && !option.equals("url") ? "{url: 'http://127.0.0.1/'}" : "{}";
        return type.name() + ": " + others + "\n" + option + ": [{a: 1}]";
    }

    @ParameterizedTest
    @MethodSource("types")
    void anOptionOfTheWrongKindIsAProblem(StageType type) {
        type.options().stream()
                .filter(option -> CHECKED.contains(option.kind()))
                .forEach(option -> assertThat(problems(type, wrong(type, option.name())))
                        .as(option.name())
                        .anyMatch(problem -> problem.contains(type.name() + "." + option.name())));
    }
}
