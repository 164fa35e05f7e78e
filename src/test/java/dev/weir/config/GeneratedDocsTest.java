package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.FlowRig;
import dev.weir.flow.StageReference;
import dev.weir.source.BuiltInSources;
import dev.weir.source.SourceReference;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed pages are what the records say; {@code -Dregenerate=true} writes them anew. */
class GeneratedDocsTest {
    private static final Path DOCS = Path.of("docs");
    private static final Pattern SAMPLE = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

    @TempDir
    Path dir;

    @Test
    void theReferenceIsFresh() throws IOException {
        fresh(DOCS.resolve("configuration.md"), ConfigReference.markdown(List.of()));
    }

    @Test
    void theSchemaIsFreshAndJson() throws IOException {
        fresh(DOCS.resolve("weir.schema.json"), ConfigSchema.json(SourceReference.schema()));
        assertThat(new JsonObject(ConfigSchema.json(SourceReference.schema()))
                        .getJsonObject("properties")
                        .fieldNames())
                .contains("http", "addresses", "sources");
    }

    @Test
    void theSourcesAreFresh() throws IOException {
        fresh(DOCS.resolve("sources.md"), SourceReference.markdown());
    }

    @Test
    void theStagesAndTheSchemaOfFlowsAreFresh() throws IOException {
        fresh(DOCS.resolve("stages.md"), StageReference.markdown(FlowRig.WORDS));
        fresh(DOCS.resolve("flow.schema.json"), StageReference.schema(FlowRig.WORDS));
    }

    @Test
    void everySampleOfTheSourcesLoads() throws IOException {
        for (MatchResult sample :
                SAMPLE.matcher(SourceReference.markdown()).results().toList()) {
            Path file = Files.writeString(dir.resolve("weir.yaml"), sample.group(1));
            LoadedConfig loaded = Config.load(
                    file,
                    Map.of(),
                    (read, problems) -> BuiltInSources.make(read.config().sources(), dir, problems));
            assertThat(loaded.config().sources()).isNotEmpty();
        }
    }

    @Test
    void everySampleInTheReferenceLoads() throws IOException {
        Stream<String> samples =
                SAMPLE.matcher(ConfigReference.markdown(List.of())).results().map(match -> match.group(1));
        for (String sample : samples.toList()) {
            Path file = Files.writeString(dir.resolve("weir.yaml"), sample);
            assertThat(Config.load(file, Map.of()).config()).isNotNull();
        }
    }

    private static void fresh(Path file, String text) throws IOException {
        if (Boolean.getBoolean("regenerate")) {
            Files.writeString(file, text);
        }
        assertThat(file)
                .as("run mvn test -Dtest=GeneratedDocsTest -Dregenerate=true")
                .hasContent(text);
    }
}
