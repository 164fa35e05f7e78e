package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs end here as under Node: what {@code beforeExit} and {@code exit} say, in which order, and with which code. */
class ScriptEndingsTest {
    private static final Path PROGRAMS =
            Path.of("src/test/resources/script/programs/endings").toAbsolutePath();

    private static ScriptRig rig;

    @BeforeAll
    static void rig() {
        rig = new ScriptRig(PROGRAMS);
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    static List<String> programs() throws Exception {
        try (Stream<Path> files = Files.list(PROGRAMS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".out"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void endsAsUnderNode(String program) throws Exception {
        List<String> expected = Files.readAllLines(PROGRAMS.resolve(program + ".out"));
        // What nobody caught is told on standard error, in other words.
        List<String> said = rig.run(PROGRAMS.resolve(program)).stream()
                .takeWhile(line -> !line.startsWith("Uncaught "))
                .toList();
        assertThat(with(said, rig.code())).isEqualTo(expected);
        if (nodeIsInstalled()) {
            Process node = new ProcessBuilder("node", program)
                    .directory(PROGRAMS.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            List<String> lines = node.inputReader().lines().toList();
            assertThat(with(lines, node.waitFor())).isEqualTo(expected);
        }
    }

    private static List<String> with(List<String> lines, int code) {
        List<String> all = new ArrayList<>(lines);
        all.add("code " + code);
        return all;
    }

    private static boolean nodeIsInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
    }
}
