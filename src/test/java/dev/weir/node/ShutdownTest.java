package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.TestNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node goes. */
class ShutdownTest {
    @Test
    void sessionsAreToldThatTheNodeGoes(@TempDir Path home) {
        TestNode node = TestNode.start(
                home,
                "addresses:\n  - {match: open, publish: anyone, subscribe: anyone}\n",
                java.util.Map.of("WEIR_HTTP_LOOPS", "2"));
        try (BridgeClient one = BridgeClient.connect(node.port());
                BridgeClient two = BridgeClient.connect(node.port())) {
            one.register("open");
            two.register("open");
            node.close();
            assertThat(one.closeCode()).isEqualTo(1001);
            assertThat(two.closeCode()).isEqualTo(1001);
        }
    }
}
