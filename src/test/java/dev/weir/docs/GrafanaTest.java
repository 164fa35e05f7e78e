package dev.weir.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard asks for metrics and labels that {@code docs/metrics.md} has, which {@link MetricsPageTest} holds against a node. */
class GrafanaTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\| (counter|gauge|summary) \\| ([\\w, ]*) \\|");
    private static final Pattern METRIC = Pattern.compile("\\b((?:weir|jvm|process|system)_\\w+)");
    private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)=~?\"");
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

    private static JsonObject dashboard() throws IOException {
        return new JsonObject(Files.readString(Path.of("docs/deploy/grafana-weir.json")));
    }

    /** Labels by metric; of a summary there are the sum and the count. */
    private static Map<String, Set<String>> documented() throws IOException {
        Map<String, Set<String>> metrics = new HashMap<>();
        ROW.matcher(Files.readString(Path.of("docs/metrics.md"))).results().forEach(row -> {
            Set<String> labels = new HashSet<>(List.of(row.group(3).split(", ")));
            List<String> names = row.group(2).equals("summary")
                    ? List.of(row.group(1) + "_sum", row.group(1) + "_count")
                    : List.of(row.group(1));
            names.forEach(name -> metrics.put(name, labels));
        });
        return metrics;
    }

    private static List<String> expressions(JsonObject dashboard) {
        List<String> all = new ArrayList<>();
        dashboard.getJsonArray("panels").stream()
                .map(JsonObject.class::cast)
                .flatMap(panel -> panel.getJsonArray("targets", new JsonArray()).stream())
                .forEach(target -> all.add(((JsonObject) target).getString("expr")));
        dashboard.getJsonObject("templating").getJsonArray("list").stream()
                .map(JsonObject.class::cast)
                .filter(variable -> variable.containsKey("definition"))
                .forEach(variable -> all.add(variable.getString("definition")));
        return all;
    }

    @Test
    void everyMetricAndLabelItAsksForIsDocumented() throws IOException {
        Map<String, Set<String>> documented = documented();
        List<String> expressions = expressions(dashboard());
        assertThat(expressions).hasSizeGreaterThan(40);
        for (String expression : expressions) {
            List<String> metrics = METRIC.matcher(expression)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertThat(metrics).as(expression).isNotEmpty();
            assertThat(documented.keySet()).as(expression).containsAll(metrics);
            Set<String> labels = new HashSet<>(OF_PROMETHEUS);
            metrics.forEach(metric -> labels.addAll(documented.get(metric)));
            BY.matcher(expression).results().forEach(by -> assertThat(labels)
                    .as(expression)
                    .contains(by.group(1).split(", ")));
            MATCHER.matcher(expression)
                    .results()
                    .forEach(label -> assertThat(labels).as(expression).contains(label.group(1)));
        }
    }

    @Test
    void panelsAreDistinctAndOfCountersTheRateIsShown() throws IOException {
        JsonArray panels = dashboard().getJsonArray("panels");
        assertThat(panels.stream().map(panel -> ((JsonObject) panel).getInteger("id")))
                .doesNotHaveDuplicates();
        for (String expression : expressions(dashboard())) {
            assertThat(expression.chars().filter(each -> each == '(').count())
                    .as(expression)
                    .isEqualTo(expression.chars().filter(each -> each == ')').count());
            if (expression.contains("_total{")) {
                assertThat(expression).containsPattern("(rate|increase)\\(\\w+_total\\{");
            }
        }
    }
}
