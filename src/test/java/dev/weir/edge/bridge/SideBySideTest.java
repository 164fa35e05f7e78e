package dev.weir.edge.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

    private static Pair patient;
    private static Pair hasty;

    /** A node of Weir and one of the stock bridge, which wait for replies equally long. */
    private record Pair(TestNode node, StockNode stock) {
        static Pair start(Path home, long replyTimeoutMillis) throws Exception {
            Map<String, String> timeout = Map.of("WEIR_HTTP_REPLY_TIMEOUT", replyTimeoutMillis + "ms");
            Pair pair = new Pair(
                    TestNode.start(home, BridgeCases.POLICIES, timeout),
                    new StockNode(
                            BridgeCases.STOCK_INBOUND,
                            BridgeCases.STOCK_OUTBOUND,
                            BridgeCases.REGISTRATIONS,
                            replyTimeoutMillis));
            BridgeServices.serve(pair.node.vertx());
            BridgeServices.serve(pair.stock.vertx());
            return pair;
        }

        void close() throws Exception {
            node.close();
            stock.close();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        patient = Pair.start(home.resolve("patient"), BridgeCases.REPLY_TIMEOUT_MILLIS);
        hasty = Pair.start(home.resolve("hasty"), BridgeCases.SHORT_REPLY_TIMEOUT_MILLIS);
    }

    @AfterAll
    static void stop() throws Exception {
        patient.close();
        hasty.close();
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
        Pair pair = each.waitsInVain() ? hasty : patient;
        List<String> weir = Script.play(each.script(), transport, pair.node().port());
        List<String> theirs = Script.play(each.script(), transport, pair.stock().port());
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
