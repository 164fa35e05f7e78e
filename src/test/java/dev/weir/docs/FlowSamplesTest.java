package dev.weir.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every flow in the documentation is read without problems, and its tests pass. */
class FlowSamplesTest {
    @Test
    void flowsOfThePagesWork() throws IOException {
        List<String> flows = Markdown.code().stream()
                .map(Markdown.Code::text)
                .filter(text -> text.startsWith("flow: ") && text.contains("\n"))
                .toList();
        assertThat(flows).isNotEmpty();
        for (String flow : flows) {
            assertThat(FlowRig.problems(flow)).as(flow).isEmpty();
            if (flow.contains("\ntests:")) {
                FlowRig.checkWithoutRestarts(flow);
            }
        }
    }
}
