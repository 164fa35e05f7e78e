package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real nodes in processes of their own: what crosses them, and what becomes of it when one of them fails. */
class ClusterIT {
    /** Promised are 10 s, of an idle machine. */
    private static final Duration NOTICED = Duration.ofSeconds(30);

    /** Who waited for a node that hangs would wait for as long as that takes to be noticed; a busy machine takes its time, too. */
    private static final Duration UNHURRIED = Duration.ofSeconds(7);

    private static final int ADDRESSES = 8;
    private static final String CONF = """
            http: {reply-timeout: 3s, ping-timeout: 10m}
            addresses:
              - {match: "news.{n}", publish: anyone, subscribe: anyone}
              - {match: "ask.{n}", request: anyone, respond: anyone}
            """;

    @TempDir
    static Path home;

    private static NodeProcesses cluster;
    private static NodeProcess one;
    private static NodeProcess two;
    private static NodeProcess three;

    @BeforeAll
    static void start() {
        cluster = new NodeProcesses(home, CONF).startAll(3);
        one = cluster.get(0);
        two = cluster.get(1);
        three = cluster.get(2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void allServe() {
        cluster.awaitReady();
    }

    private static BridgeClient listener(NodeProcess node, String address) {
        return BridgeClient.connect(node.port()).register(address);
    }

    private static void awaitListeners(String address, int count, NodeProcess... asked) {
        cluster.await(count + " listeners of " + address + " are counted", NodeProcesses.PATIENCE, () -> {
            for (NodeProcess node : asked) {
                if (node.listeners(address) != count) {
                    return false;
                }
            }
            return true;
        });
    }

    private static void awaitNodes(int count, Duration patience, NodeProcess... asked) {
        cluster.await("there are " + count + " nodes", patience, () -> {
            for (NodeProcess node : asked) {
                if (node.metric("weir_cluster_nodes") != count) {
                    return false;
                }
            }
            return true;
        });
    }

    private static void ask(BridgeClient asking, String address, String replyAddress) {
        asking.send(BridgeClient.frame("send", address).put("body", "question").put("replyAddress", replyAddress));
    }

    @Test
    void requestsAndRepliesToRepliesCrossNodes() {
        String address = "ask.crossing";
        try (var asking = BridgeClient.connect(one.port());
                var answering = listener(three, address)) {
            ask(asking, address, "r1");
            JsonObject question = answering.next();
            assertThat(question.getString("body")).isEqualTo("question");
            answering.send(BridgeClient.frame("send", question.getString("replyAddress"))
                    .put("body", "answer")
                    .put("replyAddress", "r2"));
            JsonObject answer = asking.next();
            assertThat(answer.getString("address")).isEqualTo("r1");
            assertThat(answer.getString("body")).isEqualTo("answer");
            asking.send(
                    BridgeClient.frame("send", answer.getString("replyAddress")).put("body", "thanks"));
            JsonObject thanks = answering.next();
            assertThat(thanks.getString("address")).isEqualTo("r2");
            assertThat(thanks.getString("body")).isEqualTo("thanks");
        }
    }

    @Test
    void whenANodeIsKilledTheOthersGoOnAndItHearsAgainOnceItIsBack() {
        String address = "news.killed";
        try (var here = listener(one, address);
                var there = listener(two, address);
                var lost = listener(three, address);
                var asking = BridgeClient.connect(one.port());
                var answering = listener(three, "ask.killed");
                var flow = new Flow(one, address)) {
            awaitListeners(address, 3, one, two, three);
            Flow.heard(lost, 1, 50);
            ask(asking, "ask.killed", "r3");
            answering.next();
            three.kill();
            awaitNodes(2, NOTICED, one, two);
            awaitListeners(address, 2, one, two);
            assertThat(lost.closeCode()).isEqualTo(1006);
            theAnswerThatDoesNotComeIsTold(asking);
            try (var moved = listener(two, address)) {
                awaitListeners(address, 3, one, two);
                cluster.awaitReady();
                awaitListeners(address, 3, one, two, three);
                try (var back = listener(three, address);
                        var hearsBack = listener(one, "news.back");
                        var flowBack = new Flow(three, "news.back")) {
                    awaitListeners(address, 4, one, two, three);
                    int last = flow.last(cluster, 100);
                    Flow.heard(here, 1, last);
                    Flow.heard(there, 1, last);
                    Flow.heard(moved, 0, last);
                    Flow.heard(back, 0, last);
                    Flow.heard(hearsBack, 1, flowBack.last(cluster, 100));
                }
            }
        }
    }

    private static void theAnswerThatDoesNotComeIsTold(BridgeClient asking) {
        JsonObject late = asking.next();
        assertThat(late.getString("type")).isEqualTo("err");
        assertThat(late.getString("address")).isEqualTo("r3");
        assertThat(late.getString("failureType")).isEqualTo("TIMEOUT");
        cluster.await("nobody is left to ask", NodeProcesses.PATIENCE, () -> {
            ask(asking, "ask.killed", "r4");
            JsonObject nobody = asking.next();
            assertThat(nobody.getString("address")).isEqualTo("r4");
            return nobody.getString("failureType").equals("NO_HANDLERS");
        });
    }

    @Test
    void aNodeThatHangsHoldsUpNobodyAndIsStartedAnewWhenItGoesOn() {
        String address = "news.hung";
        try (var here = listener(one, address);
                var there = listener(two, address);
                var stuck = listener(three, address);
                var flow = new Flow(one, address)) {
            Flow.heard(stuck, 1, 50);
            three.signal("STOP");
            for (int n = 0; n < ADDRESSES && one.metric("weir_cluster_nodes") == 3; n++) {
                // Some of these are looked after by the node that hangs.
                listener(two, address + n).close();
            }
            awaitNodes(2, NOTICED, one, two);
            awaitListeners(address, 2, one, two);
            three.signal("CONT");
            assertThat(stuck.closeCodeWithin(NodeProcesses.PATIENCE)).isEqualTo(1001);
            assertThat(three.exitCode(NodeProcesses.PATIENCE)).isEqualTo(75);
            cluster.awaitReady();
            try (var back = listener(three, address)) {
                int last = flow.last(cluster, 100);
                Flow.heard(here, 1, last);
                Flow.heard(there, 1, last);
                Flow.heard(back, 0, last);
            }
            assertThat(flow.slowest())
                    .as("nothing waited for the node that hung")
                    .isLessThan(UNHURRIED);
        }
    }

    @Test
    void aNodeThatIsStoppedTellsItsSessionsAndLeavesAtOnce() {
        String address = "news.stopped";
        try (var here = listener(one, address);
                var told = listener(three, address);
                var flow = new Flow(one, address)) {
            Flow.heard(told, 1, 50);
            three.signal("TERM");
            three.signal("TERM");
            assertThat(told.closeCode()).isEqualTo(1001);
            assertThat(three.exitCode(NodeProcesses.PATIENCE)).isEqualTo(143);
            awaitNodes(2, NOTICED, one, two);
            awaitListeners(address, 1, one, two);
            Flow.heard(here, 1, flow.last(cluster, 100));
        }
    }
}
