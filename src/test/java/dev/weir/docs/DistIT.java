package dev.weir.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code scripts/dist} makes runs anywhere, without the sources and without Maven. */
class DistIT {
    @TempDir
    private Path folder;

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void succeeds(Program program) {
        try (program) {
            assertThat(program.exit()).as(program.output()).isZero();
        }
    }

    @Test
    void theArchiveRunsByItself() throws Exception {
        Program.useBuiltJar();
        succeeds(Program.start(Path.of(""), Map.of(), List.of("scripts/dist")));
        Path there = Files.createDirectories(folder.resolve("some where/with spaces"));
        String archive = Path.of("target/weir.tar.gz").toAbsolutePath().toString();
        succeeds(Program.start(there, Map.of(), List.of("tar", "-xzf", archive)));
        assertThat(there.resolve("weir/pom.xml")).doesNotExist();
        assertThat(there.resolve("weir/src")).doesNotExist();

        Path tools = Files.createDirectories(folder.resolve("path without maven"));
        for (String tool : List.of(
                "bash", "env", "dirname", "sed", "head", "readlink", "mktemp", "mkdir", "mv", "rm", "sleep", "grep")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }
        Map<String, String> env = Map.of("PATH", tools.toString(), "WEIR_HTTP_PORT", "0", "WEIR_OPTS", "-Xmx256m");
        List<String> command = List.of(there.resolve("weir/scripts/weir").toString());
        try (Program node = Program.start(folder, env, command)) {
            String url = node.ready();
            assertThat(node.output()).doesNotContain("building");
            assertThat(get(url + "/health/ready").statusCode()).isEqualTo(200);
            assertThat(get(url + "/").body()).contains("<title>");
            assertThat(get(url + "/client/weir.js").statusCode()).isEqualTo(200);
            assertThat(get(url + "/webjars/lit/index.js").statusCode()).isEqualTo(200);
        }
        // Java 17 takes no classes of the application out of an archive where a path has a space.
        Path plain = Files.move(there.resolve("weir"), folder.resolve("weir"));
        String weir = plain.resolve("scripts/weir").toString();
        succeeds(Program.start(folder, env, List.of(weir, "prepare")));
        scriptsStartOutOfTheArchiveOfClasses(weir, env);
        anotherJavaMakesAnArchiveOfItsOwn(plain, env);
    }

    private void scriptsStartOutOfTheArchiveOfClasses(String weir, Map<String, String> env) throws IOException {
        Path classes = folder.resolve("classes.log");
        Map<String, String> telling = new HashMap<>(env);
        telling.put("WEIR_OPTS", "-Xmx256m -Xlog:class+load=info:file=" + classes + ":none");
        Path script = Files.writeString(folder.resolve("a.js"), "console.log('it runs');");
        try (Program program = Program.start(folder, telling, List.of(weir, "js", script.toString()))) {
            assertThat(program.exit()).as(program.output()).isZero();
            assertThat(program.output()).contains("it runs").doesNotContain("preparing");
        }
        List<String> loaded = Files.readAllLines(classes).stream()
                .filter(line -> line.startsWith("com.oracle.truffle.js."))
                .toList();
        assertThat(loaded).hasSizeGreaterThan(500);
        assertThat(loaded)
                .filteredOn(line -> !line.contains("shared objects file"))
                .hasSizeLessThan(loaded.size() / 50);
    }

    private void anotherJavaMakesAnArchiveOfItsOwn(Path weir, Map<String, String> env) throws IOException {
        Path java = Files.writeString(
                folder.resolve("java"), """
                #!/usr/bin/env bash
                [ "$1" != -version ] || { printf 'openjdk version "17.0.98"\nRuntime (build 17.0.98+1-other, x)\n'; exit; }
                exec '%s' "$@"
                """.formatted(Path.of(System.getProperty("java.home"), "bin", "java")));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Map<String, String> updated = new HashMap<>(env);
        updated.put("WEIR_JAVA", java.toString());
        List<String> command = List.of(weir.resolve("scripts/weir").toString(), "js", folder.resolve("a.js") + "");
        try (Program program = Program.start(folder, updated, command)) {
            assertThat(program.exit()).as(program.output()).isZero();
            assertThat(program.output()).contains("preparing faster starts").contains("it runs");
        }
        assertThat(weir.resolve("weir-alone-17.0.98+1-other.jsa")).isNotEmptyFile();
    }
}
