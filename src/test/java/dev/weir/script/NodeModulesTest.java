package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Node's documented behaviour of {@code events} and {@code stream}, case by case, and whole programs whose output is compared
 * byte for byte: with what is recorded beside them and, where Node 20 is installed, with Node itself.
 */
class NodeModulesTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/script").toAbsolutePath();
    private static final Pattern CASE = Pattern.compile("^test\\('((?:[^'\\\\]|\\\\.)*)'", Pattern.MULTILINE);
    private static final int PATIENCE_SECONDS = 30;

    private static boolean node;

    @BeforeAll
    static void isNodeHere() throws InterruptedException {
        node = nodeSays("--version").startsWith("v20.");
    }

    @TestFactory
    Stream<DynamicTest> events() throws IOException {
        return cases("events.js");
    }

    @TestFactory
    Stream<DynamicTest> streams() throws IOException {
        return cases("stream.js");
    }

    @TestFactory
    Stream<DynamicTest> programs() throws IOException {
        Path folder = SCRIPTS.resolve("programs");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> programs = files.filter(each -> each.toString().endsWith(".js"))
                    .sorted()
                    .toList();
            return programs.stream()
                    .map(each -> DynamicTest.dynamicTest(each.getFileName().toString(), () -> compare(folder, each)));
        }
    }

    /** The cases of a file: one run says of each whether it held; a case that says nothing hung or was never reached. */
    private static Stream<DynamicTest> cases(String file) throws IOException {
        Path folder = SCRIPTS.resolve("cases");
        List<String> said = run(folder, folder.resolve(file));
        return CASE.matcher(Files.readString(folder.resolve(file)))
                .results()
                .map((MatchResult found) -> found.group(1).replace("\\'", "'"))
                .map(name -> DynamicTest.dynamicTest(
                        name, () -> assertThat(said).as(String.join("\n", said)).contains("ok " + name)));
    }

    private static void compare(Path folder, Path program) throws IOException, InterruptedException {
        Path recorded = folder.resolve(program.getFileName().toString().replace(".js", ".txt"));
        String expected = Files.readString(recorded);
        if (node) {
            assertThat(nodeSays("--no-warnings", program.toString()))
                    .as("Node's output and %s", recorded.getFileName())
                    .isEqualTo(expected);
        }
        assertThat(String.join("\n", run(folder, program)) + "\n").isEqualTo(expected);
    }

    private static List<String> run(Path folder, Path file) {
        try (ScriptRig rig = new ScriptRig(folder)) {
            return rig.run(file);
        }
    }

    /** What a run of Node prints; nothing where it is not installed. */
    private static String nodeSays(String... arguments) throws InterruptedException {
        List<String> command =
                Stream.concat(Stream.of("node"), Stream.of(arguments)).toList();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            return output;
        } catch (IOException notInstalled) {
            return "";
        }
    }
}
