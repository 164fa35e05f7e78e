package dev.weir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The nodes of one cluster, each in a process of its own. A wait that is in vain tells the state of all of them. */
public final class NodeProcesses implements AutoCloseable {
    /** Enough for a busy machine; what is promised sooner is awaited with its own bound. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path home;
    private final String yaml;
    private final int port = Ports.free(3);
    private final Set<Integer> given = new HashSet<>(List.of(port, port + 1, port + 2));
    private final List<NodeProcess> nodes = new ArrayList<>();

    /** @param yaml the configuration of all nodes, but for ports and members */
    public NodeProcesses(Path home, String yaml) {
        this.home = home;
        this.yaml = yaml;
    }

    /** Starts one more node. */
    public NodeProcess start() {
        return start(yaml, Map.of());
    }

    /** Starts one more node with another configuration or further variables. */
    public NodeProcess start(String otherYaml, Map<String, String> env) {
        Map<String, String> all = membership();
        all.put("WEIR_HTTP_PORT", "" + another());
        all.putAll(env);
        NodeProcess node = new NodeProcess(home.resolve("n" + nodes.size()), otherYaml, all, "--cluster");
        nodes.add(node);
        return node;
    }

    /** Starts a member of the cluster that is no node, as a user would start it in {@code folder}: {@code js --cluster FILE}. */
    public Program beside(Path folder, String... words) {
        List<String> command = FastStart.command();
        command.addAll(List.of(words));
        return Program.start(folder, membership(), command);
    }

    private Map<String, String> membership() {
        return new HashMap<>(Map.of(
                "WEIR_CLUSTER_PORT", "" + port,
                "WEIR_CLUSTER_BUS_PORT", "" + another(),
                "WEIR_CLUSTER_JOIN", "127.0.0.1:" + port + ",127.0.0.1:" + (port + 1) + ",127.0.0.1:" + (port + 2)));
    }

    /** Nodes that start at the same moment have not taken theirs yet. */
    private int another() {
        int free = Ports.free();
        return given.add(free) ? free : another();
    }

    /** Starts nodes and waits until they serve as one cluster: the first alone, so that there is one for all others to join. */
    public NodeProcesses startAll(int count) {
        start();
        awaitReady();
        for (int i = 1; i < count; i++) {
            start();
        }
        awaitReady();
        return this;
    }

    /** One of the nodes, in the order they were started. */
    public NodeProcess get(int index) {
        return nodes.get(index);
    }

    /** Starts those that ended again and waits until all serve as one cluster. */
    public void awaitReady() {
        await("all nodes serve as one cluster", PATIENCE, this::areReady);
    }

    /** Whether all serve as one cluster; starts those that ended, also because they stood still for long and ask for it. */
    public boolean areReady() {
        nodes.stream().filter(node -> !node.isAlive()).forEach(NodeProcess::again);
        return nodes.stream().allMatch(node -> node.isReady() && node.metric("weir_cluster_nodes") == nodes.size());
    }

    /** Waits for a condition; fails with the state of every node. */
    public void await(String what, Duration patience, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(patience)
                    .until(condition);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("not in " + patience + ": " + what + "\n" + states(), late);
        }
    }

    /** What can be seen of all nodes from outside. */
    public String states() {
        return nodes.stream().map(NodeProcess::state).collect(Collectors.joining());
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::kill);
    }
}
