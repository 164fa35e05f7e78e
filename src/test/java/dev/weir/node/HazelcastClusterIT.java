package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.BridgeClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster that keep events in their memory, as they do unless told otherwise. */
class HazelcastClusterIT {
    private static final String ADDRESSES = """
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100000}}
            """;
    private static final int EVENTS = 300;

    @TempDir
    Path home;

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

    @Test
    void subscribersOfAllNodesHearOneOrderAndResumeOnAnotherNode() throws Exception {
        try (TestCluster cluster = new TestCluster(home, ADDRESSES)) {
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

    @Test
    void whatItCannotKeepIsAProblemThatNamesTheEngineThatCan() {
        String more = """
                  - {match: prices, publish: anyone, subscribe: anyone, keep: latest}
                  - {match: old, publish: anyone, subscribe: anyone, keep: {age: 7d}}
                subscriptions:
                  - {name: billing, from: [orders], consume: anyone}
                """;
        try (TestCluster cluster = new TestCluster(home, ADDRESSES + more)) {
            assertThatThrownBy(cluster::start)
                    .hasMessageContaining("keep: latest of prices")
                    .hasMessageContaining("keep of old needs events")
                    .hasMessageContaining("subscription billing")
                    .hasMessageContaining("engine: postgresql");
        }
        try (TestCluster cluster = new TestCluster(home, "journal: {engine: sqlite}\n" + ADDRESSES)) {
            assertThatThrownBy(cluster::start)
                    .hasMessageContaining("engine: postgresql")
                    .hasMessageContaining("without --cluster");
        }
    }
}
