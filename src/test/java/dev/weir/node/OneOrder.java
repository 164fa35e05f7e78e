package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/** What a journal that a cluster shares promises to subscribers of {@code orders}, whatever its engine. */
final class OneOrder {
    private static final int EVENTS = 300;

    private OneOrder() {}

    private static BridgeClient subscriber(int port, String since) {
        BridgeClient client = BridgeClient.connect(port);
        JsonObject headers =
                since == null ? new JsonObject().put("weir-rewind", "0") : new JsonObject().put("weir-since", since);
        client.send(BridgeClient.frame("register", "orders").put("headers", headers));
        JsonObject registered = client.next();
        assertThat(registered.getString("type")).isEqualTo("registered");
        assertThat(registered.getJsonObject("headers").getString("weir-recovered"))
                .isEqualTo("true");
        return client;
    }

    private static String hears(BridgeClient client, int from, int to) {
        String epoch = "";
        for (int offset = from; offset <= to; offset++) {
            JsonObject headers = client.next().getJsonObject("headers");
            assertThat(headers.getString("weir-offset")).isEqualTo("" + offset);
            epoch = headers.getString("weir-epoch");
        }
        return epoch;
    }

    private static void publish(BridgeClient writer, int n) {
        writer.send(BridgeClient.frame("publish", "orders").put("body", n));
    }

    /** Starts two nodes and ends one: subscribers of both hear one order, and resume on the other. */
    static void check(TestCluster cluster) throws Exception {
        TestCluster.Member one = cluster.start();
        TestCluster.Member two = cluster.start();
        String epoch;
        try (BridgeClient here = subscriber(one.port(), null);
                BridgeClient there = subscriber(two.port(), null);
                BridgeClient writer = BridgeClient.connect(one.port());
                BridgeClient other = BridgeClient.connect(two.port())) {
            for (int n = 0; n < EVENTS; n++) {
                publish(n % 2 == 0 ? writer : other, n);
            }
            epoch = hears(here, 1, EVENTS);
            assertThat(hears(there, 1, EVENTS)).isEqualTo(epoch);
        }
        one.vertx().close().await(60, TimeUnit.SECONDS);
        try (BridgeClient back = subscriber(two.port(), epoch + ":100");
                BridgeClient other = BridgeClient.connect(two.port())) {
            publish(other, EVENTS);
            hears(back, 101, EVENTS + 1);
        }
    }
}
