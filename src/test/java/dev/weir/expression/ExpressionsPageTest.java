package dev.weir.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/expressions.md is right: every line of its examples gives what stands behind it, and every function is there. */
class ExpressionsPageTest {
    private static final Pattern BLOCK = Pattern.compile("```cel\n(.*?)```", Pattern.DOTALL);
    private static final Pattern EVENT = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
    private static final String FAILS = "fails: ";

    static List<String> examples() throws IOException {
        return BLOCK.matcher(page())
                .results()
                .flatMap(block -> block.group(1).lines())
                .toList();
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("docs/expressions.md"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleHolds(String line) throws IOException {
        String[] parts = line.split(" +// ", 2);
        var event = EVENT.matcher(page());
        assertThat(event.find()).isTrue();
        String data = new JsonObject(event.group(1)).getJsonObject("data").encode();
        if (parts[1].startsWith(FAILS)) {
            assertThat(Samples.failure(parts[0], data)).startsWith(parts[1].substring(FAILS.length()));
        } else {
            Object expected = Samples.evaluate(parts[1], data);
            Object value = Samples.evaluate(parts[0], data);
            assertThat(Expressions.toJson(value)).isEqualTo(Expressions.toJson(expected));
        }
    }

    @Test
    void everyFunctionIsThere() throws IOException {
        assertThat(String.join("\n", examples())).contains(Dialect.functionNames(Environment.EVENT));
    }
}
