package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.node.NodeSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The flows of the demo are without problems, and do what their own tests say, also when they begin anew at random moments. */
class ShippedFlowsTest {
    private static final int RESTARTED = 5;

    private final Flows flows =
            NodeSettings.read(Path.of("conf/weir.yaml"), Map.of()).flows();

    @TestFactory
    Stream<DynamicTest> flowsDoWhatTheirTestsSay() {
        return flows.test().stream()
                .map(tested -> DynamicTest.dynamicTest(
                        tested.flow() + ": " + tested.test(),
                        () -> assertThat(tested.problems()).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> flowsOutliveRestarts() {
        return flows.all().stream()
                .filter(flow -> flow.all().stream()
                        .noneMatch(stage -> stage.type().traits().outside()))
                .map(flow -> DynamicTest.dynamicTest(flow.name(), () -> {
                    for (int seed = 0; seed < RESTARTED; seed++) {
                        assertThat(FlowTester.runWithRestarts(flow, new Random(seed)))
                                .as("seed " + seed)
                                .allMatch(FlowTester.Result::passed);
                    }
                }));
    }

    @Test
    void eachHasTests() {
        assertThat(flows.all()).hasSizeGreaterThanOrEqualTo(8).noneMatch(flow -> flow.tests()
                .isEmpty());
    }
}
