package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aggregator, buffer, breaker, retry, safe emit, tracer and monitor: the same program says the same here and in Node. */
class WeirPatternsTest {
    private static final Path PROGRAM = Path.of("src/test/resources/dev/weir/script/patterns.js");
    private static final Path PATTERNS = Path.of("src/main/resources/dev/weir/script/lib/internal/weir_patterns.js")
            .toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void theProgramSaysHereWhatItSaysInNode() throws Exception {
        List<String> here;
        try (ScriptRig rig = new ScriptRig(folder)) {
            here = rig.run(rig.file("patterns.js", Files.readString(PROGRAM)));
        }
        assertThat(here)
                .contains(
                        "aggregate 1 all true [\"paid\",\"packed\"]",
                        "aggregate 2 timeout false [\"paid\"]",
                        "batch pause [4]",
                        "short half-open -> closed",
                        "[\"first\",\"later\"] 2",
                        "orders emit placed {\"n\":1} \"two\" [function ]",
                        "true [\"leaky\",\"cache\",\"leaky x\"] true");
        assertThat(here).isEqualTo(inNode());
    }

    private List<String> inNode() throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        try {
            Process node = new ProcessBuilder("node", PROGRAM.toString(), PATTERNS.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } catch (IOException notInstalled) {
            assumeTrue(false, "node is not installed: nothing to compare with");
        }
        return Files.readAllLines(said);
    }
}
