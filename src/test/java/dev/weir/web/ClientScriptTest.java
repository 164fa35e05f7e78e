package dev.weir.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests of weir.js that need no server and no browser: src/test/js, run by Node. */
class ClientScriptTest {

    @Test
    void theSuitesOfTheClientPass() throws IOException {
        assumeTrue(Tool.isHere("node"), "node is not installed: the suites of src/test/js were not run");
        List<String> command = new ArrayList<>(List.of("node", "--test"));
        try (Stream<Path> files = Files.list(Path.of("src/test/js"))) {
            files.map(Path::toString)
                    .filter(name -> name.endsWith(".test.js"))
                    .sorted()
                    .forEach(command::add);
        }
        assertThat(command).hasSizeGreaterThan(2);

        Tool node = Tool.run(Path.of(""), command);

        assertThat(node.exit()).as(node.output()).isZero();
    }
}
