package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.TestNode;
import dev.weir.bus.AccessLog;
import dev.weir.bus.Authorizer;
import dev.weir.bus.Counters;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Publisher;
import dev.weir.node.NodeSettings;
import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent reaches one node, which may not be the one that has the partition of its key. */
class SentElsewhereTest {
    private static final String YAML = """
            addresses:
              - {match: pricing, request: anyone}
              - {match: readings, publish: anyone}
              - {match: out, subscribe: anyone}
            """;
    private static final String STATELESS = "flow: price\nfrom: pricing\nto: reply\n";
    private static final String KEYED = "flow: once\nfrom: ADDRESS\nstages:\n  - dedupe: event.key\nto: out\n";
    private static final String KEY = "k";

    @TempDir
    Path home;

    private FlowServices services(TestNode node) {
        Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
        NodeSettings settings = NodeSettings.read(home.resolve("conf").resolve("weir.yaml"), Map.of());
        return new FlowServices(
                node.vertx(),
                "one",
                () -> List.of("one"),
                Clock.system(),
                publisher,
                new Authorizer(node.vertx(), Clock.system(), new AtomicReference<>(settings.policies())),
                new Counters(),
                () -> null,
                new LocalAnswers(node.vertx()),
                (question, parameters) -> Future.succeededFuture(List.of()),
                FlowMeters.NONE,
                new FlowReport(Clock.system()),
                new AccessLog(),
                home);
    }

    /** A lane that has all partitions but that of the key. */
    private static RunningLane start(TestNode node, FlowServices services, FlowRun run, FlowSpec spec)
            throws Exception {
        Map<Integer, Long> owned = new HashMap<>();
        for (int partition = 0; partition < 64; partition++) {
            if (partition != Keys.partition(KEY)) {
                owned.put(partition, 0L);
            }
        }
        Context context = node.vertx().getOrCreateContext();
        Promise<RunningLane> started = Promise.promise();
        context.runOnContext(now -> {
            RunningLane lane = new RunningLane(spec, services, run, new Partitioning(spec, true, owned), null);
            lane.start().map(lane).onComplete(started);
        });
        return started.future().await(30, TimeUnit.SECONDS);
    }

    private static Future<JsonObject> ask(TestNode node, String address) {
        return node.vertx()
                .eventBus()
                .<JsonObject>request(
                        address, new JsonObject().put("n", 1), new DeliveryOptions().addHeader("ce-subject", KEY))
                .map(reply -> reply.body());
    }

    @Test
    void itIsHandledWhereNothingIsRememberedAndRefusedElse() throws Exception {
        try (TestNode node = TestNode.start(home, YAML)) {
            FlowServices services = services(node);
            FlowSpec stateless = FlowRig.read(STATELESS);
            FlowSpec keyed = FlowRig.read(KEYED.replace("ADDRESS", "readings"));
            FlowRun run = new FlowRun("once", Clock.system(), FlowMeters.NONE);
            start(node, services, new FlowRun("price", Clock.system(), FlowMeters.NONE), stateless);
            start(node, services, run, keyed);
            assertThat(ask(node, "pricing").await(30, TimeUnit.SECONDS)).isEqualTo(new JsonObject().put("n", 1));
            assertThatThrownBy(() -> ask(node, "readings").await(30, TimeUnit.SECONDS))
                    .hasMessageContaining("what this flow remembers of the key is on another node");
            assertThat(run.toJson().encode()).contains("\"taken\":0", "sent, not published, is dropped");
            assertThat(LaneInputs.isSpread(stateless, services)).isTrue();
            assertThat(LaneInputs.isSpread(keyed, services)).isTrue();
            assertThat(LaneInputs.isSpread(FlowRig.read(KEYED.replace("ADDRESS", "pricing")), services))
                    .as("what requests of a key did is remembered in one place")
                    .isFalse();
        }
    }
}
