package dev.weir.node;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.multimap.MultiMap;
import dev.weir.Ports;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Several nodes of one cluster in this process, each as the launcher starts it. */
final class TestCluster implements AutoCloseable {
    /** One of the nodes. */
    record Member(Vertx vertx, NodeVerticle node) {
        int port() {
            return node.port();
        }
    }

    private final Path home;
    private final String yaml;
    private final int port = Ports.free(4);
    private final List<Member> members = new ArrayList<>();
    private final List<Vertx> guests = new ArrayList<>();

    /** @param yaml policies of all nodes */
    TestCluster(Path home, String yaml) {
        this.home = home;
        this.yaml = yaml;
    }

    /** Starts one more node and waits until it serves. */
    Member start() {
        return start(yaml);
    }

    /** The same for a node with policies of its own. */
    Member start(String own) {
        try {
            Launch launch = launch(own);
            Vertx vertx = launch.vertx(new VertxOptions()).buildClustered().await(60, TimeUnit.SECONDS);
            NodeVerticle node = (NodeVerticle) launch.verticle().get();
            vertx.deployVerticle(node).await(60, TimeUnit.SECONDS);
            Member member = new Member(vertx, node);
            members.add(member);
            return member;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the node did not start in time", e);
        }
    }

    /** Starts a member that is no node, as the launcher does for a verticle of one's own beside the server. */
    Vertx startGuest() {
        try {
            Vertx guest =
                    launch(yaml).vertx(new VertxOptions()).buildClustered().await(60, TimeUnit.SECONDS);
            guests.add(guest);
            return guest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the member did not join in time", e);
        }
    }

    private Launch launch(String own) throws IOException {
        Path folder = Files.createDirectories(home.resolve("n" + members.size() + "-" + guests.size()));
        Path conf = Files.writeString(folder.resolve("weir.yaml"), own);
        Map<String, String> env = Map.of(
                "WEIR_HTTP_PORT",
                "0",
                "WEIR_HTTP_LOOPS",
                "1",
                // Clients of tests do not ping, and a busy machine takes its time.
                "WEIR_HTTP_PING_TIMEOUT",
                "10m",
                "WEIR_HTTP_MAX_LAG",
                "1m",
                "WEIR_CLUSTER_PORT",
                "" + port,
                "WEIR_CLUSTER_BUS_PORT",
                "" + Ports.free(),
                "WEIR_CLUSTER_JOIN",
                "127.0.0.1:" + port);
        return new Launch(conf.toString(), env, true);
    }

    /** The registrations in the cluster, past the nodes. */
    static MultiMap<String, HazelcastRegistrationInfo> registrations() {
        return instances().iterator().next().getMultiMap("__vertx.subs");
    }

    /** How often any node read the registrations of an address or where a node listens. */
    static long reads() {
        return instances().stream()
                .mapToLong(each -> each.getMultiMap("__vertx.subs")
                                .getLocalMultiMapStats()
                                .getGetOperationCount()
                        + each.getMap("__vertx.nodeInfo").getLocalMapStats().getGetOperationCount())
                .sum();
    }

    private static Set<HazelcastInstance> instances() {
        return Hazelcast.getAllHazelcastInstances();
    }

    @Override
    public void close() {
        List<Vertx> all = new ArrayList<>(guests);
        members.forEach(member -> all.add(member.vertx()));
        for (Vertx each : all) {
            try {
                each.close().await(60, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw new IllegalStateException("a node did not stop in time", e);
            }
        }
    }
}
