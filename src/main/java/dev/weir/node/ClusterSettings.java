package dev.weir.node;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.XmlConfigBuilder;
import dev.weir.config.ClusterConfig;
import dev.weir.config.ConfigException;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.journal.hazelcast.RingLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Hazelcast's settings and the ports of a node, out of the configuration. The file may tune Hazelcast; who joins and which
 * interface is bound is said by {@code cluster:} alone, since the cluster trusts whoever reaches it. Blocking: only while
 * starting.
 */
final class ClusterSettings {
    private static final int PORTS = 20;

    private static final String SILENCE = "hazelcast.max.no.heartbeat.seconds";

    /** What the file may say otherwise. Times are in seconds. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry(SILENCE, "10"),
            Map.entry("hazelcast.merge.first.run.delay.seconds", "10"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "10"),
            Map.entry("hazelcast.wait.seconds.before.join", "0"),
            // A search for a cluster to merge with waits 5 s at each port where nobody is.
            Map.entry("hazelcast.tcp.join.port.try.count", "3"),
            Map.entry("hazelcast.operation.call.timeout.millis", "10000"),
            // What a write takes longer is not acknowledged by the journal, and this long producers wait for a dead
            // backup.
            Map.entry("hazelcast.operation.backup.timeout.millis", "3000"),
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.phone.home.enabled", "false"));

    private ClusterSettings() {}

    /** @throws ConfigException when the file cannot be understood */
    static Config hazelcast(LoadedConfig loaded) {
        ClusterConfig cluster = loaded.config().cluster();
        Path file = loaded.resolve(cluster.file());
        Config config = Files.exists(file) ? read(file) : new Config();
        subscriptions(config);
        RingLayout.configure(config);
        DEFAULTS.forEach((name, value) -> config.getProperties().putIfAbsent(name, value));
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getMetricsConfig().setEnabled(false); // Nobody reads Hazelcast's own.
        network(config.getAdvancedNetworkConfig(), cluster);
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(new JavaSerializationFilterConfig()
                        .setWhitelist(new ClassFilter().addPrefixes("io.vertx.spi.cluster.hazelcast.")));
        return config;
    }

    /** For how long a node may be silent before every other one has given it up; they look once a second. */
    static Duration givenUpAfter(Config config) {
        return Duration.ofSeconds(Long.parseLong(config.getProperty(SILENCE)) + 1);
    }

    /** The first free port for the event bus, taken. */
    static BusPort busPort(ClusterConfig cluster) {
        int last = Math.min(cluster.busPort() + PORTS - 1, 65_535);
        for (int port = cluster.busPort(); port <= last; port++) {
            try {
                return BusPort.take(cluster.host(), port);
            } catch (IOException taken) {
                // The next one may be free.
            }
        }
        throw problem(
                "cluster.bus-port",
                "no port from " + cluster.busPort() + " to " + last + " can be bound on " + cluster.host(),
                "stop what holds them, or set cluster.bus-port; cluster.host must be an address of this machine");
    }

    private static Config read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new XmlConfigBuilder(in).build();
        } catch (IOException | InvalidConfigurationException e) {
            throw problem("cluster.file", file + " cannot be used: " + e.getMessage(), "correct it, or remove it");
        }
    }

    private static void subscriptions(Config config) {
        config.getMultiMapConfig("__vertx.subs")
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET)
                .setBackupCount(1);
        config.getMapConfig("__vertx.haInfo").setBackupCount(1);
        config.getMapConfig("__vertx.nodeInfo").setBackupCount(1);
    }

    /**
     * An endpoint that speaks to members alone. The usual one speaks to clients too and finds out to whom; while it waits for
     * the answer of a process that hangs it spins, and the connections that share its thread stand still: members that are well
     * lose each other.
     */
    private static void network(AdvancedNetworkConfig network, ClusterConfig cluster) {
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
        endpoint.setPort(cluster.port()).setPortAutoIncrement(true).setPortCount(PORTS);
        endpoint.getInterfaces().setEnabled(true).setInterfaces(List.of(cluster.host()));
        network.setEnabled(true).setMemberEndpointConfig(endpoint);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(1).setMembers(List.copyOf(cluster.join()));
    }

    private static ConfigException problem(String key, String message, String mend) {
        return new ConfigException(List.of(new Problem(new Location(key, 0), message, mend)));
    }
}
