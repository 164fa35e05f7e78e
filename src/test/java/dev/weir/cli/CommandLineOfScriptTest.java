package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a script is named on the command line, and what is said where that makes no sense. */
class CommandLineOfScriptTest {
    @TempDir
    private Path folder;

    private static List<String> words(String line) {
        return new ArrayList<>(List.of(line.split(" ")));
    }

    @Test
    void optionsStandBeforeTheFileAndArgumentsBehind() throws IOException {
        Path file = Files.writeString(folder.resolve("a.js"), "");
        List<String> args = words("js --cluster --conf weir.yaml -conf {} " + file + " --conf one -c");
        assertThat(Program.takeFrom(args)).isEqualTo(new Program("" + file, List.of("--conf", "one", "-c")));
        assertThat(args).containsExactly("js:" + file, "--cluster", "--conf", "weir.yaml", "-conf", "{}");
    }

    @Test
    void theLaunchersOwnNameOfAScriptLeavesItsOptionsAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("a.js"), "");
        List<String> args = words("js:" + file + " --cluster");
        assertThat(Program.takeFrom(args)).isEqualTo(new Program("" + file, List.of()));
        assertThat(args).containsExactly("js:" + file, "--cluster");
    }

    @Test
    void whatIsNoScriptIsLeftAlone() {
        List<String> args = words("com.example.Shop --cluster");
        assertThat(Program.takeFrom(args)).isNull();
        assertThat(args).containsExactly("com.example.Shop", "--cluster");
        assertThat(Program.takeFrom(new ArrayList<>())).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            js                  | name a file to run
            js --cluster        | name a file to run
            js --conf           | --conf needs a value
            js --clustr a.js    | there is no option --clustr
            js -instances 2 a.js| there is no option -instances
            js no/such.js       | there is no file
            js:no/such.js       | there is no file
            js FOLDER           | is a folder
            """)
    void whatMakesNoSenseIsSaidWithTheMend(String line, String said) {
        assertThatThrownBy(() -> Program.takeFrom(words(line.replace("FOLDER", folder.toString()))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(said)
                .hasMessageContaining("weir js [--cluster] [--conf FILE] FILE [ARGUMENT...]");
    }
}
