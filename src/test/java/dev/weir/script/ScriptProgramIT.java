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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private static final Path SIGNALS =
            Path.of("src/test/resources/script/programs/signals").toAbsolutePath();

    private void says(Process program, String what) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> Files.readString(out()).contains(what) || !program.isAlive());
        assertThat(out()).content().contains(what);
    }

    private static void signal(Process program, String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(program.pid()))
                .start()
                .waitFor();
    }

    @Test
    void namesOfSignalsAreNodes() throws Exception {
        Files.copy(SIGNALS.resolve("names.js"), folder.resolve("names.js"));
        int code = ended(start(List.of(), "js:names.js"));
        List<String> said = new ArrayList<>(Files.readAllLines(out()));
        said.add("code " + code);
        assertThat(said).isEqualTo(Files.readAllLines(SIGNALS.resolve("names.js.out")));
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130"})
    void aListenerOfASignalReplacesTheDefaultEndAndItsRemovalBringsThatBack(String name, int code) throws Exception {
        Files.writeString(folder.resolve("c.js"), """
                let n = 0;
                process.on('exit', () => console.log('never'));
                const listener = (signal, number) => {
                  console.log('heard', signal, number, ++n);
                  if (n === 2) process.off('SIG%1$s', listener);
                };
                process.on('SIG%1$s', listener);
                process.on('SIG%1$s', () => {});
                process.removeAllListeners('SIG%1$s');
                process.on('SIG%1$s', listener);
                setInterval(() => {}, 1000);
                console.log('runs');
                """.formatted(name));
        Process program = start(List.of(), "js", "c.js");
        int number = code - 128;
        says(program, "runs");
        signal(program, name);
        says(program, "heard SIG" + name + " " + number + " 1");
        signal(program, name);
        says(program, "heard SIG" + name + " " + number + " 2");
        signal(program, name);
        assertThat(ended(program)).isEqualTo(code);
        assertThat(out()).content().doesNotContain("never");
    }

    @Test
    void aProgramMayTidyUpAndEndWithACodeOfItsOwn() throws Exception {
        Files.writeString(folder.resolve("d.mjs"), """
                process.on('exit', (code) => console.log('exit', code));
                process.once('SIGTERM', async (signal) => {
                  await new Promise((resolve) => setTimeout(resolve, 20));
                  console.log('tidied up after', signal);
                  process.exit(5);
                });
                setInterval(() => {}, 1000);
                console.log('runs');
                """);
        Process program = start(List.of(), "js:d.mjs");
        says(program, "runs");
        signal(program, "TERM");
        assertThat(ended(program)).isEqualTo(5);
        assertThat(out()).content().endsWith("tidied up after SIGTERM\nexit 5\n");
    }

    @Test
    void aListenerOfASignalKeepsNoProgramRunning() throws Exception {
        Files.writeString(folder.resolve("e.js"), "process.on('SIGTERM', () => {}); process.on('SIGINT', () => {});");
        assertThat(ended(start(List.of(), "js", "e.js"))).isZero();
    }

    @Test
    void aProgramMaySendItselfTheSignalThatItHasHeard() throws Exception {
        Files.writeString(folder.resolve("f.js"), """
                process.once('SIGINT', (signal) => {
                  console.log('last words');
                  process.kill(process.pid, signal);
                });
                setInterval(() => {}, 1000);
                console.log('runs');
                """);
        Process program = start(List.of(), "js", "f.js");
        says(program, "runs");
        signal(program, "INT");
        assertThat(ended(program)).isEqualTo(130);
        assertThat(out()).content().contains("last words");
    }

    @Test
    void signalsOfANodeAreNotItsVerticles() throws Exception {
        Files.createDirectories(folder.resolve("conf"));
        Files.writeString(folder.resolve("conf/v.js"), """
                process.on('SIGTERM', () => console.log('never'));
                try {
                  process.kill(process.pid, 'SIGTERM');
                } catch ({ code }) {
                  console.log('kill', code);
                }
                """);
        Files.writeString(
                folder.resolve("conf/weir.yaml"), "http: {port: 0}\nverticles: [{deploy: \"js:conf/v.js\"}]\n");
        Process node = start(List.of(), "run");
        says(node, "Weir is ready");
        assertThat(out()).content().contains("kill EPERM");
        signal(node, "TERM");
        assertThat(ended(node)).isEqualTo(143);
        assertThat(out()).content().doesNotContain("never");
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
