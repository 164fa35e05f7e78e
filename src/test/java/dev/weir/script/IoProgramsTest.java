package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that do I/O say the same here as under Node 20, whose words are recorded beside them. */
class IoProgramsTest {
    private static final String NODE = "/usr/bin/node";
    private static final Path PROGRAMS = Path.of("src/test/resources/script/programs/io");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"upper", "files", "edges", "http", "http-edges", "ws", "crypto", "locals"})
    void saysWhatNodeSays(String name) throws IOException {
        Path program = Files.copy(PROGRAMS.resolve(name + ".js"), folder.resolve(name + ".js"));
        try (ScriptRig rig = new ScriptRig(folder).with(given -> given.withFolders(List.of(folder)))) {
            assertThat(rig.run(program)).containsExactlyElementsOf(Files.readAllLines(PROGRAMS.resolve(name + ".txt")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"upper", "files", "edges", "http", "http-edges", "crypto", "locals"})
    void isRecordedAsNodeSaysIt(String name) throws IOException, InterruptedException {
        Assumptions.assumeTrue(said("--version").startsWith("v20."), "Node 20 is not installed");
        Path program = Files.copy(PROGRAMS.resolve(name + ".js"), folder.resolve(name + ".js"));
        assertThat(said(program.toString())).isEqualTo(Files.readString(PROGRAMS.resolve(name + ".txt")));
    }

    private static String said(String argument) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(NODE))) {
            return "";
        }
        Process node =
                new ProcessBuilder(NODE, argument).redirectErrorStream(true).start();
        String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
