package dev.weir.node;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.XmlConfigBuilder;
import dev.weir.config.ClusterConfig;
import dev.weir.config.ConfigException;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How Hazelcast is set up: the XML file, over it what {@code cluster:} says. Blocks; used while starting. */
final class HazelcastSettings {
    private static final int PORTS_TRIED = 20;

    private HazelcastSettings() {}

    static Config of(LoadedConfig loaded) {
        ClusterConfig cluster = loaded.config().cluster();
        Config config = read(loaded.resolve(cluster.file()));
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(cluster.port()).setPortAutoIncrement(true).setPortCount(PORTS_TRIED);
        network.getInterfaces().setEnabled(true).clear().addInterface(addressOf(cluster.host()));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(2).setMembers(cluster.join());
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter());
        return config;
    }

    /** Only what Vert.x and Hazelcast themselves send: whoever reaches the port could send anything. */
    private static JavaSerializationFilterConfig filter() {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig().setDefaultsDisabled(false);
        filter.getWhitelist().addPrefixes("java.", "com.hazelcast.", "io.vertx.", "[");
        return filter;
    }

    private static Config read(Path file) {
        boolean own = Files.isReadable(file);
        try (InputStream xml =
                own ? Files.newInputStream(file) : HazelcastSettings.class.getResourceAsStream("/weir-cluster.xml")) {
            return new XmlConfigBuilder(xml).build();
        } catch (IOException | RuntimeException wrong) {
            throw new ConfigException(List.of(new Problem(
                    new Location(file.toString(), 0),
                    "cluster.file: not a Hazelcast configuration: " + wrong.getMessage(),
                    "start from the file that comes with Weir")));
        }
    }

    private static String addressOf(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (IOException unknown) {
            throw problem(
                    "cluster.host", "'" + host + "' is not an address of this machine", "write its private address");
        }
    }

    /** The first free port for the event bus, which Vert.x would not look for itself. */
    static int busPort(ClusterConfig cluster) {
        for (int port = cluster.busPort(); port < cluster.busPort() + PORTS_TRIED; port++) {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName(cluster.host()))) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // The next one then.
            }
        }
        throw problem(
                "cluster.bus-port",
                "ports " + cluster.busPort() + " to " + (cluster.busPort() + PORTS_TRIED - 1) + " are all taken",
                "set cluster.bus-port (WEIR_CLUSTER_BUS_PORT) to a free range");
    }

    private static ConfigException problem(String key, String message, String mend) {
        return new ConfigException(List.of(new Problem(new Location(key, 0), message, mend)));
    }
}
