package dev.weir.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.node.NodeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration in the pages is one that a node takes. */
class SamplesTest {
    private static final String SECTIONS =
            "http|cluster|auth|journal|log|tracing|addresses|verticles|subscriptions|sources";
    private static final Pattern CONFIGURATION = Pattern.compile("(?s)(#[^\n]*\n)*(" + SECTIONS + "):[ \n].*");
    private static final Pattern ITEM = Pattern.compile("- \\{(\\w+):.*\\}");
    private static final Pattern TARGET = Pattern.compile("\\bto: ([\\w.]+)");
    private static final Pattern SCHEMA = Pattern.compile("conf/schemas/[\\w.-]+\\.json");

    @TempDir
    private Path home;

    static List<Markdown.Code> samples() throws IOException {
        return Markdown.code().stream()
                .filter(code -> code.info().equals("yaml")
                        || (code.info().equals("inline") && !whole(code.text()).isEmpty()))
                .toList();
    }

    /** The configuration that a piece of one belongs to, empty when it is no piece of one. */
    private static String whole(String sample) {
        var item = ITEM.matcher(sample.strip());
        if (item.matches()) {
            String section =
                    switch (item.group(1)) {
                        case "match" -> "addresses";
                        case "deploy" -> "verticles";
                        case "name" -> "subscriptions";
                        default -> "sources";
                    };
            return section + ":\n  " + sample.strip() + "\n";
        }
        boolean lines = sample.contains("\n") && CONFIGURATION.matcher(sample).matches();
        return lines || sample.matches("(" + SECTIONS + "): [{\\[].*") ? sample : "";
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleLoads(Markdown.Code sample) throws IOException {
        String yaml = whole(sample.text());
        assertThat(yaml)
                .as("%s is no configuration; write ```yml there", sample)
                .isNotEmpty();
        for (String file :
                SCHEMA.matcher(yaml).results().map(match -> match.group()).toList()) {
            Files.writeString(
                    Files.createDirectories(home.resolve(file).getParent()).resolve(home.resolve(file)), "{}");
        }
        Path file = Files.createDirectories(home.resolve("conf")).resolve("weir.yaml");
        Files.writeString(file, declared(yaml));
        assertThat(NodeSettings.read(file, Map.of()).policies())
                .as("%s", sample)
                .isNotNull();
    }

    /** Sources need a policy for the address they speak to; a sample about sources leaves it out. */
    private static String declared(String yaml) {
        Set<String> targets = new LinkedHashSet<>();
        TARGET.matcher(yaml).results().forEach(match -> targets.add(match.group(1)));
        if (targets.isEmpty() || yaml.contains("addresses:")) {
            return yaml;
        }
        StringBuilder all = new StringBuilder(yaml).append("addresses:\n");
        targets.forEach(target -> all.append("  - {match: ").append(target).append(", subscribe: anyone}\n"));
        return all.toString();
    }

    @Test
    void noConfigurationHidesFromThisTest() throws IOException {
        Stream<Markdown.Code> hidden = Markdown.code().stream()
                .filter(code -> !List.of("yaml", "inline").contains(code.info()))
                .filter(code -> CONFIGURATION.matcher(code.text()).matches());
        assertThat(hidden).as("configurations that are not fenced as ```yaml").isEmpty();
    }
}
