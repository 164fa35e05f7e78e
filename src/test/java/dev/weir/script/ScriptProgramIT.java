package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts as programs of their own process, and what a node without scripts does not load. */
class ScriptProgramIT {
    @TempDir
    Path folder;

    private Path out() {
        return folder.resolve("out.log");
    }

    private Process start(List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.weir.Weir"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
        return builder.start();
    }

    private static int ended(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void aProgramEndsByItselfWithItsCode() throws Exception {
        Files.writeString(
                folder.resolve("a.js"),
                "console.log(process.argv.slice(2).join()); setTimeout(() => { process.exitCode = 7; }, 5);");
        assertThat(ended(start(List.of(), "js", "a.js", "x", "--y"))).isEqualTo(7);
        assertThat(Files.readAllLines(out())).containsExactly("x,--y");
    }

    @Test
    void aProgramThatCannotBeginSaysWhere() throws Exception {
        Files.writeString(folder.resolve("b.mjs"), "\nlet x = ;");
        assertThat(ended(start(List.of(), "js:b.mjs"))).isEqualTo(1);
        assertThat(Files.readString(out())).contains("SyntaxError").contains("b.mjs:2:");
    }

    @Test
    void aNodeWithoutScriptsLoadsNothingOfGraal() throws Exception {
        Path conf = Files.writeString(folder.resolve("weir.yaml"), "http: {port: 0}\n");
        Path classes = folder.resolve("classes.log");
        Process node =
                start(List.of("-Xlog:class+load=info:file=" + classes + ":none"), "run", "--conf", conf.toString());
        try {
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> Files.readString(out()).contains("Weir is ready") || !node.isAlive());
            assertThat(Files.readString(out())).contains("Weir is ready");
        } finally {
            node.destroy();
            node.waitFor(60, TimeUnit.SECONDS);
        }
        assertThat(Files.readAllLines(classes))
                .isNotEmpty()
                .noneMatch(line -> line.startsWith("org.graalvm.") || line.startsWith("com.oracle.truffle."));
    }
}
