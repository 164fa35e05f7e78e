package dev.weir.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import dev.weir.bus.FailureCode;
import dev.weir.edge.Parameters;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The description of the HTTP interface says what the server does. */
@SuppressWarnings("unchecked") // What the YAML reader makes of a mapping.
class ContractTest {
    private static final List<String> METHODS = List.of("get", "post", "put", "delete", "patch");

    @TempDir
    static Path home;

    private static TestNode node;
    private static Http http;
    private static Map<String, Object> openApi;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, "addresses: [{match: open, publish: anyone, subscribe: anyone}]");
        http = new Http(node.vertx(), node.port());
        Http.Answer answer = http.get("/v1/openapi.yaml");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/yaml");
        openApi = (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(answer.text());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Map<String, Object> at(Map<String, Object> from, String... keys) {
        Map<String, Object> found = from;
        for (String key : keys) {
            found = (Map<String, Object>) found.get(key);
        }
        return found;
    }

    @Test
    void everyPathIsAnswered() {
        for (Map.Entry<String, Object> path : at(openApi, "paths").entrySet()) {
            Map<String, Object> operations = (Map<String, Object>) path.getValue();
            String url = path.getKey().replace("{address}", "open").replace("{id}", "x");
            for (String method : METHODS) {
                if (operations.containsKey(method)) {
                    var answer = http.send(method.toUpperCase(java.util.Locale.ROOT), url, Map.of(), "");
                    assertThat(answer.status()).as(method + " " + url).isNotIn(404, 405, 500);
                    Map<String, Object> responses = at((Map<String, Object>) operations.get(method), "responses");
                    String status = String.valueOf(answer.status());
                    assertThat(responses.keySet())
                            .as(method + " " + url)
                            .containsAnyOf(status, status.charAt(0) + "XX");
                } else {
                    var answer = http.send(method.toUpperCase(java.util.Locale.ROOT), url, Map.of(), "");
                    assertThat(answer.status()).as(method + " " + url).isEqualTo(405);
                    assertThat(answer.header("allow")).contains("OPTIONS");
                }
            }
        }
    }

    @Test
    void everyParameterIsListedAndAnyOtherIsRefused() {
        Set<String> withSome = new TreeSet<>();
        for (Map.Entry<String, Object> path : at(openApi, "paths").entrySet()) {
            if (!path.getKey().startsWith("/v1/")) {
                continue;
            }
            String url = path.getKey().replaceAll("\\{\\w+}", "open");
            for (String method : METHODS) {
                if (at(openApi, "paths", path.getKey()).containsKey(method)) {
                    String name = method.toUpperCase(Locale.ROOT);
                    String operation = name + " " + path.getKey().replaceAll("\\{(\\w+)}", ":$1");
                    List<String> listed = parameters(at(openApi, "paths", path.getKey(), method));
                    assertThat(Parameters.of(operation)).as(operation).containsExactlyInAnyOrderElementsOf(listed);
                    if (!listed.isEmpty()) {
                        withSome.add(operation);
                    }
                    var answer = http.send(name, url + "?access_token=x&_=1&tpye=1", Map.of(), "");
                    assertThat(answer.status()).as(operation).isEqualTo(400);
                    assertThat(answer.json().getString("code")).as(operation).isEqualTo("invalid_parameter");
                    assertThat(answer.json().getString("detail")).contains("'tpye'");
                    assertThat(http.send(name, url + "?access_token=x&_=1", Map.of(), "")
                                    .text())
                            .as(operation)
                            .doesNotContain("there is no parameter");
                }
            }
        }
        assertThat(Parameters.operations()).isEqualTo(withSome);
    }

    private static List<String> parameters(Map<String, Object> operation) {
        return ((List<Map<String, Object>>) operation.getOrDefault("parameters", List.of()))
                .stream()
                        .filter(each -> "query".equals(each.get("in")))
                        .map(each -> (String) each.get("name"))
                        .filter(name -> !name.equals("access_token"))
                        .toList();
    }

    @Test
    void everyCodeOfARefusalIsListed() {
        Object listed = at(openApi, "components", "schemas", "Problem", "properties", "code")
                .get("enum");
        List<String> codes =
                Arrays.stream(FailureCode.values()).map(FailureCode::word).toList();
        assertThat(listed).isEqualTo(codes);
    }
}
