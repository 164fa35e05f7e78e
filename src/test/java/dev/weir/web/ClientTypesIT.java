package dev.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** weir.d.ts under {@code tsc --strict}: what a sample may do compiles, what it may not do does not. */
class ClientTypesIT {

    @TempDir
    Path folder;

    @Test
    void theSampleCompilesStrictly() throws IOException {
        Files.writeString(folder.resolve("package.json"), "{\"type\": \"module\", \"private\": true}");
        Npm.install(folder, "typescript");
        copy(Path.of("webroot/client"), folder.resolve("node_modules/weir-client"));
        copy(Path.of("src/test/js/types"), folder);

        Tool tsc = Tool.run(folder, List.of("node_modules/.bin/tsc", "-p", "."));

        assertThat(tsc.exit()).as(tsc.output()).isZero();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
