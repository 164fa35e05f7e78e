package dev.weir.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the description of the HTTP interface says is for viewers or operators is for them and for nobody else. */
@SuppressWarnings("unchecked") // What the YAML reader makes of a mapping.
class ViewersTest {
    private static final String CONF = """
            auth: {jwt: {secret: a secret of at least thirty-two characters}}
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: orders, publish: anyone, subscribe: anyone, keep: {events: 10}}
            subscriptions:
              - {name: billing, from: [orders], consume: role:billing}
            """;

    private static final List<String> METHODS = List.of("get", "post", "put", "delete", "patch");

    /** What is for clients, as policies say, or for signing in. */
    private static final List<String> FOR_CLIENTS = List.of(
            "post /v1/addresses/{address}/events",
            "post /v1/addresses/{address}/requests",
            "delete /v1/addresses/{address}/delayed/{id}",
            "post /v1/subscriptions/{name}/pull",
            "post /v1/subscriptions/{name}/settle",
            "post /console/session",
            "delete /console/session");

    private record Operation(String method, String path, String role) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    @TempDir
    static Path home;

    private static TestNode node;
    private static Http http;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, CONF);
        http = new Http(node.vertx(), node.port());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static List<Operation> operations() {
        Map<String, Object> openApi =
                (Map<String, Object>) new Load(LoadSettings.builder().build())
                        .loadFromString(http.get("/v1/openapi.yaml").text());
        List<Operation> all = new ArrayList<>();
        ((Map<String, Object>) openApi.get("paths")).forEach((path, item) -> {
            Map<String, Object> methods = (Map<String, Object>) item;
            for (String method : METHODS) {
                if (methods.get(method) instanceof Map<?, ?> operation) {
                    Object role = operation.get("x-weir-role");
                    all.add(new Operation(method, path, role == null ? "" : role.toString()));
                }
            }
        });
        return all;
    }

    /** A tap is a way to look. */
    private static boolean changesNothing(Operation operation) {
        return operation.method().equals("get") || operation.path().startsWith("/v1/taps");
    }

    private static Http.Answer ask(Operation operation, String... roles) {
        String path = operation
                .path()
                .replace("{address}", "news")
                .replace("{name}", "billing")
                .replace("{topic}", "overview")
                .replaceAll("\\{\\w+}", "none");
        String token = Tokens.hs256(Tokens.claims("vic", 60).put("roles", new JsonArray(List.of(roles))));
        return http.send(
                operation.method().toUpperCase(Locale.ROOT), path, Map.of("authorization", "Bearer " + token), "");
    }

    @Test
    void whatChangesAnythingSaysWhoMay() {
        assertThat(operations().stream()
                        .filter(operation -> !operation.method().equals("get")
                                && operation.role().isEmpty())
                        .map(Operation::toString))
                .containsExactlyInAnyOrderElementsOf(FOR_CLIENTS);
        assertThat(operations().stream().filter(operation -> operation.role().equals("viewer")))
                .hasSizeGreaterThan(7)
                .allMatch(ViewersTest::changesNothing);
    }

    @Test
    void viewersSeeWhatOperatorsSee() {
        operations().stream()
                .filter(operation -> operation.role().equals("viewer"))
                .forEach(operation -> {
                    assertThat(ask(operation, "viewer").status())
                            .as("%s", operation)
                            .isNotIn(401, 403, 405, 500);
                    Http.Answer refused = ask(operation, "editor");
                    assertThat(refused.status()).as("%s", operation).isEqualTo(403);
                    assertThat(refused.json().getString("detail")).contains("role viewer");
                });
        for (String path : List.of("/v1/subscriptions/{name}", "/v1/addresses/{address}/delayed")) {
            assertThat(ask(new Operation("get", path, ""), "viewer").status())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    @Test
    void viewersChangeNothing() {
        operations().stream()
                .filter(operation -> operation.role().equals("operator"))
                .forEach(operation -> {
                    Http.Answer refused = ask(operation, "viewer");
                    assertThat(refused.status()).as("%s", operation).isEqualTo(403);
                    assertThat(refused.json().getString("code")).isEqualTo("access_denied");
                    assertThat(refused.json().getString("detail")).contains("role operator");
                });
        for (String path : List.of("/v1/subscriptions/{name}/pull", "/v1/subscriptions/{name}/settle")) {
            assertThat(ask(new Operation("post", path, ""), "viewer").status())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @Test
    void howMuchAnAddressKeepsIsForViewers() {
        assertThat(http.post("/v1/addresses/orders/events", "application/json", "{}")
                        .status())
                .isEqualTo(201);
        Operation look = new Operation("get", "/v1/addresses/orders", "");
        assertThat(ask(look, "viewer").text()).contains("\"kept\":{\"bytes\":2,\"counted\":1,\"all\":true}");
        assertThat(http.get("/v1/addresses/orders").text())
                .contains("\"listeners\"")
                .doesNotContain("kept");
    }
}
