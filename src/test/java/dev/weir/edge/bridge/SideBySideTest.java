package dev.weir.edge.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weir beside the stock bridge of vertx-web: the same frames go in, over every transport, and the same frames come out, but for the
 * headers Weir adds and the differences that are meant.
 */
class SideBySideTest {
    @TempDir
    static Path home;

    private static TestNode node;
    private static StockNode stock;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.start(home, BridgeCases.POLICIES);
        stock = new StockNode(
                BridgeCases.STOCK_INBOUND,
                BridgeCases.STOCK_OUTBOUND,
                BridgeCases.REGISTRATIONS,
                BridgeCases.REPLY_TIMEOUT_MILLIS);
        BridgeServices.serve(node.vertx());
        BridgeServices.serve(stock.vertx());
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
        stock.close();
    }

    @TestFactory
    Stream<DynamicContainer> everyTransportCarriesTheSame() {
        return Arrays.stream(Talk.Transport.values())
                .map(transport -> DynamicContainer.dynamicContainer(
                        transport.name(),
                        BridgeCases.all().stream()
                                .map(each -> DynamicTest.dynamicTest(each.name(), () -> compare(each, transport)))));
    }

    private static void compare(BridgeCases.Case each, Talk.Transport transport) throws Exception {
        List<String> weir = Script.play(each.script(), transport, node.port());
        List<String> theirs = Script.play(each.script(), transport, stock.port());
        if (each.weir() == null) {
            assertThat(weir).isEqualTo(theirs);
        } else {
            List<String> meant = each.weir().replace('\'', '"').lines().toList();
            assertThat(weir).isEqualTo(meant);
            assertThat(theirs)
                    .as("no difference any more: take it off the list")
                    .isNotEqualTo(meant);
        }
    }
}
