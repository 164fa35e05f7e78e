package dev.weir.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What nodes tell of themselves, as lines of text. Fed with reports whole and with what changes; used by one thread. */
final class TopBoard {
    private static final List<String> STATES =
            List.of("stopped", "failed", "paused", "running", "elsewhere", "skipped");
    private static final double MIB = 1 << 20;
    private static final double PERCENT = 100;

    private final Map<String, JsonObject> nodes = new TreeMap<>();
    private final Map<String, Map<String, JsonObject>> flows = new TreeMap<>();

    /** Takes {@code GET /v1/reports/overview}. */
    void overview(JsonObject report) {
        nodes.clear();
        each(report.getJsonArray("nodes"), node -> nodes.put(node.getString("node"), node));
    }

    /** Takes {@code GET /v1/reports/flows}. */
    void flows(JsonObject report) {
        flows.clear();
        each(report.getJsonArray("nodes"), node -> flowNews(node.getString("node"), node));
    }

    /** Takes what changed; false when it is of a node that was not in the report. */
    boolean news(String type, JsonObject told) {
        String node = told.getString("node", "");
        if (!nodes.containsKey(node)) {
            return false;
        }
        if (type.equals("overview")) {
            nodes.put(node, nodes.get(node).copy().mergeIn(told));
        } else {
            flowNews(node, told);
        }
        return true;
    }

    private void flowNews(String node, JsonObject told) {
        Map<String, JsonObject> own = flows.computeIfAbsent(node, first -> new TreeMap<>());
        each(told.getJsonArray("flows"), flow -> own.put(flow.getString("flow"), flow));
        told.getJsonArray("gone", new JsonArray()).forEach(own::remove);
    }

    private interface Taking {
        void take(JsonObject one);
    }

    private static void each(@Nullable JsonArray all, Taking taking) {
        if (all != null) {
            all.forEach(one -> taking.take((JsonObject) one));
        }
    }

    /** The lines, without line ends; times are those of the nodes. */
    List<String> lines(String url) {
        List<String> lines = new ArrayList<>();
        double letters = nodes.values().stream()
                .mapToDouble(node -> number(now(node), "letters"))
                .filter(Double::isFinite)
                .max()
                .orElse(Double.NaN);
        lines.add("weir top  " + url + "  " + nodes.size() + (nodes.size() == 1 ? " node" : " nodes")
                + (Double.isNaN(letters) ? "" : "  " + whole(letters) + " dead letters"));
        lines.add("");
        lines.addAll(nodeTable().lines());
        lines.add("");
        Map<String, List<JsonObject>> byName = new TreeMap<>();
        flows.values()
                .forEach(own -> own.forEach((name, flow) ->
                        byName.computeIfAbsent(name, first -> new ArrayList<>()).add(flow)));
        if (byName.isEmpty()) {
            lines.add("no flows");
        } else {
            lines.addAll(flowTable(byName).lines());
        }
        return lines;
    }

    private TextTable nodeTable() {
        TextTable table = new TextTable(
                "NODE",
                "STATE",
                "UP",
                "IN/S",
                "OUT/S",
                "P99 MS",
                "SESSIONS",
                "KEPT/S",
                "LAG",
                "LOOP MS",
                "HEAP MB",
                "CPU %");
        nodes.forEach((id, node) -> {
            JsonObject now = now(node);
            table.row(
                    node.getString("name", id),
                    node.getString("state", "up"),
                    up(node),
                    rate(number(now, "in")),
                    rate(number(now, "out")),
                    rate(number(now, "p99")),
                    whole(number(now.isEmpty() ? node : now, "sessions")),
                    rate(number(now, "kept")),
                    whole(number(now, "lag")),
                    rate(number(now, "loop")),
                    whole(number(now, "heap") / MIB),
                    whole(number(now, "cpu") * PERCENT));
        });
        return table;
    }

    private static JsonObject now(JsonObject node) {
        return node.getJsonObject("now", new JsonObject());
    }

    private static String up(JsonObject node) {
        Long started = node.getLong("started");
        Long at = node.getLong("at");
        if (started == null || at == null) {
            return "-";
        }
        Duration up = Duration.between(Instant.ofEpochMilli(started), Instant.ofEpochMilli(at));
        return up.toDays() > 0
                ? up.toDays() + "d" + up.toHoursPart() + "h"
                : up.toHours() > 0
                        ? up.toHours() + "h" + up.toMinutesPart() + "m"
                        : up.toMinutes() + "m" + up.toSecondsPart() + "s";
    }

    private static TextTable flowTable(Map<String, List<JsonObject>> byName) {
        TextTable table =
                new TextTable("FLOW", "STATE", "NODES", "READ/S", "ERRORS/S", "LAG", "WAITING", "DIED", "BREAKERS");
        byName.forEach((name, parts) -> {
            Map<String, Double> sums = sums(parts);
            table.row(
                    name,
                    STATES.stream()
                            .filter(state -> parts.stream().anyMatch(part -> state.equals(part.getString("state"))))
                            .findFirst()
                            .orElse("-"),
                    parts.stream()
                                    .filter(part -> "running".equals(part.getString("state")))
                                    .count()
                            + "/" + parts.size(),
                    rate(sums.getOrDefault("rate", Double.NaN)),
                    rate(sums.getOrDefault("errorRate", Double.NaN)),
                    whole(sums.getOrDefault("lag", 0.0)),
                    whole(sums.getOrDefault("held", 0.0)),
                    whole(sums.getOrDefault("deadLettered", 0.0)),
                    breakers(parts));
        });
        return table;
    }

    private static Map<String, Double> sums(List<JsonObject> parts) {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (JsonObject part : parts) {
            sums.merge("lag", (double) part.getLong("lag", 0L), Double::sum);
            for (Map.Entry<String, Object> stage : part.getJsonObject("stages", new JsonObject())) {
                JsonObject counts = (JsonObject) stage.getValue();
                sums.merge("held", (double) counts.getLong("held", 0L), Double::sum);
                sums.merge("deadLettered", (double) counts.getLong("deadLettered", 0L), Double::sum);
            }
            JsonObject rates = part.getJsonObject("rates");
            if (rates != null) {
                sums.merge("rate", rates.getDouble("taken", 0.0), Double::sum);
                sums.merge("errorRate", 0.0, Double::sum);
                for (Map.Entry<String, Object> stage : rates.getJsonObject("stages", new JsonObject())) {
                    sums.merge("errorRate", ((JsonObject) stage.getValue()).getDouble("errors", 0.0), Double::sum);
                }
            }
        }
        return sums;
    }

    private static String breakers(List<JsonObject> parts) {
        Map<String, String> states = new TreeMap<>();
        for (JsonObject part : parts) {
            for (Map.Entry<String, Object> stage : part.getJsonObject("stages", new JsonObject())) {
                String state = ((JsonObject) stage.getValue()).getString("breaker");
                if (state != null && !state.equals("closed")) {
                    states.put(stage.getKey(), state);
                }
            }
        }
        List<String> said = new ArrayList<>();
        states.forEach((stage, state) -> said.add(stage + " " + state));
        return String.join(", ", said);
    }

    private static double number(JsonObject json, String name) {
        Number known = json.getNumber(name);
        return known == null ? Double.NaN : known.doubleValue();
    }

    private static String whole(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.0f", value) : "-";
    }

    private static String rate(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value) : "-";
    }
}
