package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.BridgeClient;
import dev.weir.Tokens;
import dev.weir.observe.tap.TapClient;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tap of a cluster shows each event once, wherever it came in and whoever listens where. */
class TapIT {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses:
              - {match: "plain.{n}", publish: anyone, subscribe: anyone}
              - {match: kept, publish: anyone, subscribe: anyone, keep: {events: 100}}
              - {match: echo, request: anyone}
            """.formatted(Tokens.SECRET);

    @TempDir
    Path home;

    @Test
    void eachEventOfTheClusterIsSeenOnceAndLaterNodesShowTheirs() throws Exception {
        try (TestCluster cluster = new TestCluster(home, YAML)) {
            TestCluster.Member one = cluster.start();
            TestCluster.Member two = cluster.start();
            try (TapClient tap = TapClient.open(one.port(), "**")) {
                everythingOnce(one, two, tap);
                changedOnEveryNode(one, two, tap);
                seenOnANodeThatJoins(cluster.start(), tap);
            }
        }
    }

    private static void everythingOnce(TestCluster.Member one, TestCluster.Member two, TapClient tap) throws Exception {
        // Bare consumers and sessions on both nodes: what is delivered often is still seen once.
        try (BridgeClient here = listening(one);
                BridgeClient there = listening(two)) {
            two.vertx()
                    .eventBus()
                    .consumer("echo", message -> message.reply(message.body()))
                    .completion()
                    .await();
            for (TestCluster.Member member : List.of(one, two)) {
                EventBus bus = member.vertx().eventBus();
                bus.consumer("kept", message -> {}).completion().await();
                bus.consumer("plain.bus", message -> {}).completion().await();
            }
            for (TestCluster.Member member : List.of(one, two)) {
                EventBus bus = member.vertx().eventBus();
                TapClient.publish(member.port(), "plain.http", "\"p\"");
                TapClient.publish(member.port(), "kept", "\"k\"");
                bus.publish("plain.bus", "b");
                bus.publish("kept", "kb");
                TapClient.call(member.port(), "POST", "/v1/addresses/echo/requests", null, "\"r\"");
            }
            tap.untilCounted("seen", 10);
            for (TestCluster.Member member : List.of(one, two)) {
                // Whatever a node has to show before this would be here before it.
                TapClient.publish(member.port(), "plain.http", "\"last" + member.port() + "\"");
                tap.until("last" + member.port());
            }
            assertThat(tap.data())
                    .containsExactlyInAnyOrder(
                            "p",
                            "p",
                            "k",
                            "k",
                            "b",
                            "b",
                            "kb",
                            "kb",
                            "r",
                            "r",
                            "last" + one.port(),
                            "last" + two.port());
            assertThat(here.next().getString("type")).isEqualTo("rec");
            assertThat(there.next().getString("type")).isEqualTo("rec");
        }
    }

    private static BridgeClient listening(TestCluster.Member member) {
        return TapClient.connect(member.port(), "viewer").register("kept").register("plain.*");
    }

    private static void changedOnEveryNode(TestCluster.Member one, TestCluster.Member two, TapClient tap)
            throws Exception {
        JsonObject filter = new JsonObject().put("filter", "event.data == 'wanted'");
        assertThat(tap.ask(two.port(), "PATCH", filter.encode()).statusCode()).isEqualTo(200);
        for (TestCluster.Member member : List.of(one, two)) {
            TapClient.publish(member.port(), "plain.http", "\"unwanted\"");
            TapClient.publish(member.port(), "plain." + member.port(), "\"wanted\"");
            tap.until(event -> event.getString("address").equals("plain." + member.port()));
        }
        assertThat(tap.data()).doesNotContain("unwanted");
    }

    private static void seenOnANodeThatJoins(TestCluster.Member three, TapClient tap) {
        AtomicInteger tries = new AtomicInteger();
        await().until(() -> {
            // It serves before it knows of taps.
            three.vertx().eventBus().publish("plain.n" + tries.incrementAndGet(), "wanted");
            return tap.hasCome(event -> event.getString("address").startsWith("plain.n"));
        });
    }
}
