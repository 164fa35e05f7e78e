package dev.weir.node;

import dev.weir.config.Config;
import dev.weir.config.WeirConfig;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the launcher needs of a node: its Vert.x instance and its first verticle. Used once, on the main thread. */
public final class Launch {
    private final NodeSettings settings;
    private final boolean clustered;
    private final Logging logging;
    private ClusterMembers members = ClusterMembers.ALONE;

    /**
     * Reads the configuration.
     *
     * @param conf what {@code --conf} named, null to look in the usual places
     * @throws dev.weir.config.ConfigException with every problem
     */
    public Launch(@Nullable String conf, Map<String, String> env, boolean clustered) {
        Path file = Config.find(conf, env);
        this.settings = NodeSettings.read(file, env);
        this.clustered = clustered;
        this.logging = Logging.ofProcess(settings.loaded());
    }

    /** A builder for a Vert.x instance as the configuration wants it. */
    public VertxBuilder vertx(VertxOptions options) {
        WeirConfig config = settings.loaded().config();
        options.setEventBusOptions(new EventBusOptions(options.getEventBusOptions())
                .setHost(config.cluster().host())
                .setClusterPingInterval(3_000)
                .setClusterPingReplyInterval(3_000));
        VertxBuilder builder = Vertx.builder().with(options);
        Transports.apply(builder, config.http().transport());
        if (clustered) {
            // Hazelcast says its first words before it is told how.
            System.setProperty("hazelcast.logging.type", "slf4j");
            HazelcastCluster cluster = new HazelcastCluster(settings.loaded());
            options.getEventBusOptions().setPort(ClusterSettings.busPort(config.cluster()));
            members = cluster;
            builder.withClusterManager(cluster.manager());
        }
        return builder;
    }

    /** The verticle that deploys all others. */
    public Supplier<? extends Deployable> verticle() {
        return () -> new NodeVerticle(settings, members, logging);
    }
}
