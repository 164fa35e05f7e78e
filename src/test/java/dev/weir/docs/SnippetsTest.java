package dev.weir.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every piece of Java in the pages compiles and every piece of JavaScript is understood. Java that is no class is the body of a
 * method in a verticle; imports of Weir, Vert.x and the JDK are left out in the pages.
 */
class SnippetsTest {
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:public )?(?:final )?(?:class|record|interface) (\\w+)");
    static final String IMPORTS = """
            import dev.weir.bus.*;
            import dev.weir.emitter.*;
            import dev.weir.event.*;
            import io.vertx.core.*;
            import io.vertx.core.buffer.Buffer;
            import io.vertx.core.eventbus.*;
            import io.vertx.core.json.*;
            import java.time.*;
            import java.util.*;
            import org.slf4j.*;
            """;

    @TempDir
    private Path folder;

    /** A piece of Java, made into a file of its own. */
    private static final class Source extends SimpleJavaFileObject {
        private final Markdown.Code code;
        private final String text;

        Source(Markdown.Code code, int number) {
            this(code, "snippet" + number, TYPE.matcher(code.text()));
        }

        private Source(Markdown.Code code, String place, Matcher type) {
            this(code, place, type.find() ? type.group(1) : null);
        }

        private Source(Markdown.Code code, String place, String type) {
            super(URI.create("string:///" + place + "/" + (type == null ? "Snippet" : type) + ".java"), Kind.SOURCE);
            this.code = code;
            String head = "package " + place + ";\n" + IMPORTS;
            this.text = type != null
                    ? head + code.text()
                    : head + "class Snippet extends VerticleBase {\n"
                            + "static final Logger LOG = LoggerFactory.getLogger(Snippet.class);\n"
                            + "void snippet() throws Exception {\n" + code.text() + "}\n}\n";
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public String toString() {
            return code.toString();
        }
    }

    private static List<Markdown.Code> pieces(String language) throws IOException {
        List<Markdown.Code> found = Markdown.code().stream()
                .filter(code -> code.info().equals(language))
                .toList();
        assertThat(found).as("the pages have pieces of " + language).isNotEmpty();
        return found;
    }

    @Test
    void javaCompiles() throws IOException {
        List<Markdown.Code> pieces = pieces("java");
        List<Source> sources = pieces.stream()
                .map(code -> new Source(code, pieces.indexOf(code)))
                .toList();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-Xlint:unchecked", "-Werror", "-d", folder.toString());
        boolean compiled =
                compiler.getTask(null, null, said, options, null, sources).call();
        String problems = said.getDiagnostics().stream()
                .map(each -> each.getSource() + ": " + each.getMessage(null))
                .collect(Collectors.joining("\n"));
        assertThat(compiled).as(problems).isTrue();
    }

    @Test
    void javaScriptIsUnderstood() throws Exception {
        assumeTrue(node("--version") == 0, "node is not installed: the JavaScript of the pages was not looked at");
        for (Markdown.Code code : pieces("js")) {
            Path file = Files.writeString(folder.resolve("snippet.mjs"), code.text());
            assertThat(node("--check", file.toString()))
                    .as(code + ": " + Files.readString(folder.resolve("said")))
                    .isZero();
        }
    }

    private int node(String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("node")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.command().addAll(List.of(words));
        try {
            Process process = builder.start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException notInstalled) {
            return -1;
        }
    }
}
