package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that say the same here and under Node. What Node says is kept beside each, and asked of Node where it is installed. */
class ScriptProgramsTest {
    private static final Path PROGRAMS =
            Path.of("src/test/resources/script/programs").toAbsolutePath();

    private static ScriptRig rig;

    @BeforeAll
    static void rig() {
        rig = new ScriptRig(PROGRAMS);
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"order.js", "order.mjs", "errors.js", "timers.js"})
    void saysWhatNodeSays(String program) throws Exception {
        List<String> expected = Files.readAllLines(PROGRAMS.resolve(program + ".out"));
        assertThat(rig.run(PROGRAMS.resolve(program))).isEqualTo(expected);
        if (nodeIsInstalled()) {
            assertThat(underNode(program)).isEqualTo(expected);
        }
    }

    private static boolean nodeIsInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
    }

    private static List<String> underNode(String program) throws IOException {
        Process node = new ProcessBuilder("node", program)
                .directory(PROGRAMS.toFile())
                .redirectErrorStream(true)
                .start();
        return node.inputReader().lines().toList();
    }
}
