package dev.weir.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verticle of one's own, named in the configuration. */
class VerticlesTest {
    private static final String POLICIES = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone}
              - {match: prices, request: anyone}
            verticles:
            """;

    @Test
    void eachInstanceHearsAndEmitsWithItsConfiguration(@TempDir Path home) {
        String yaml = POLICIES + "  - {deploy: dev.weir.example.Shop, instances: 2, config: {name: eu}}\n";
        try (TestNode node = TestNode.start(home, yaml);
                BridgeClient browser = BridgeClient.connect(node.port())) {
            browser.register("orders");
            browser.send(BridgeClient.frame("publish", "orders")
                    .put("headers", new JsonObject().put("ce-type", "placed").put("ce-subject", "customer-7"))
                    .put("body", new JsonObject().put("n", 1)));
            List<JsonObject> frames = List.of(browser.next(), browser.next(), browser.next());
            JsonObject placed = frames.stream()
                    .filter(frame -> type(frame).equals("placed"))
                    .findFirst()
                    .orElseThrow();
            List<JsonObject> confirmed = new ArrayList<>(frames);
            confirmed.remove(placed);
            assertThat(confirmed).allSatisfy(frame -> {
                assertThat(type(frame)).isEqualTo("confirmed");
                assertThat(frame.getJsonObject("body")).isEqualTo(new JsonObject("{\"n\": 1, \"by\": \"eu\"}"));
                JsonObject headers = frame.getJsonObject("headers");
                assertThat(headers.getString("ce-subject")).isEqualTo("customer-7");
                assertThat(headers.getString("ce-causationid"))
                        .isEqualTo(placed.getJsonObject("headers").getString("ce-id"));
            });
            browser.send(BridgeClient.frame("send", "prices")
                    .put("replyAddress", "r1")
                    .put("body", "x"));
            assertThat(browser.next().getInteger("body")).isEqualTo(12);
        }
    }

    @Test
    void aClassThatIsNotThereIsSaidWithItsPlace(@TempDir Path home) {
        assertThatThrownBy(() -> TestNode.start(home, POLICIES + "  - {deploy: com.example.Nowhere}\n"))
                .hasMessageContaining("cannot deploy com.example.Nowhere")
                .hasMessageContaining("weir.yaml:5")
                .hasMessageContaining("class path");
    }

    private static String type(JsonObject frame) {
        return frame.getJsonObject("headers").getString("ce-type");
    }
}
