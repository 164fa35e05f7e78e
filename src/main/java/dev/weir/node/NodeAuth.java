package dev.weir.node;

import dev.weir.bus.Addresses;
import dev.weir.bus.ClusterQuery;
import dev.weir.bus.Permission;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.Principal;
import dev.weir.config.AuthConfig;
import dev.weir.config.AuthConfig.JwtConfig;
import dev.weir.edge.Authenticator;
import dev.weir.edge.auth.ConsoleDoor;
import dev.weir.edge.auth.JwtAuthenticator;
import dev.weir.edge.auth.JwtKey;
import dev.weir.observe.Health;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who clients are on this node, as the configuration in force says. Replaced on reload; any event loop may ask. */
final class NodeAuth implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAuth.class);
    private static final String WARNING = "auth";

    private record InForce(
            @Nullable JwtConfig config, @Nullable JwtAuthenticator tokens) {}

    private final Node node;
    private final ClusterQuery cluster;
    private final Health health;
    private final ConsoleDoor door;
    private final FirstKey firstKey = new FirstKey();
    private boolean following;
    private final AtomicReference<InForce> inForce = new AtomicReference<>(new InForce(null, null));

    /** @param cluster asks all nodes */
    NodeAuth(Node node, ClusterQuery cluster, Health health) {
        this.node = node;
        this.cluster = cluster;
        this.health = health;
        this.door = new ConsoleDoor(node.vertx(), node.clock());
    }

    /** Who lets people in to the console. */
    ConsoleDoor door() {
        return door;
    }

    @Override
    public Future<Principal> authenticate(String token) {
        if (ConsoleDoor.gave(token)) {
            return Future.succeededFuture(token).map(door::authenticate);
        }
        JwtAuthenticator tokens = current().tokens();
        return tokens == null ? NO_KEY.authenticate(token) : tokens.authenticate(token);
    }

    @Override
    public boolean stands(Principal who) {
        return door.stands(who);
    }

    /** Verifies tokens from now on as these settings say. Keys that cannot be fetched do not fail it. */
    Future<Void> use(NodeSettings settings) {
        AuthConfig auth = settings.loaded().config().auth();
        boolean nobody = auth.jwt() == null && auth.console().users().isEmpty();
        Future<byte @Nullable []> first = nobody
                ? node.vertx()
                        .executeBlocking(
                                () -> firstKey.of(settings, node.vertx().isClustered()))
                        .compose(own -> FirstKey.agreed(node.vertx(), own))
                : Future.succeededFuture(null);
        return first.compose(key -> {
                    door.use(auth.console(), key);
                    return useTokens(settings);
                })
                .compose(used -> follow());
    }

    /** From the first time on. */
    private Future<Void> follow() {
        if (following) {
            return Future.succeededFuture();
        }
        following = true;
        return door.follow(node.answers(), cluster, node.timers())
                .compose(heard -> new EarlierSignOuts(node, door).read());
    }

    private Future<Void> useTokens(NodeSettings settings) {
        JwtConfig config = settings.loaded().config().auth().jwt();
        InForce before = current();
        if (config == null) {
            inForce.set(new InForce(null, null));
            warnNoKey(settings.policies());
        } else {
            List<JwtKey> keys = keys(settings, config, before);
            JwtAuthenticator tokens = new JwtAuthenticator(node.vertx(), node.clock(), node.timers(), config, keys);
            inForce.set(new InForce(config, tokens));
            health.calm(WARNING);
        }
        if (before.tokens() != null) {
            before.tokens().close();
        }
        JwtAuthenticator now = current().tokens();
        return now == null ? Future.succeededFuture() : now.start();
    }

    /** The keys of a URL outlive a reload, so that a URL that fails just then closes nothing. */
    private static List<JwtKey> keys(NodeSettings settings, JwtConfig config, InForce before) {
        JwtConfig old = before.config();
        boolean same = old != null && Objects.equals(old.jwks(), config.jwks());
        return same && settings.keys().isEmpty() && before.tokens() != null
                ? before.tokens().keys()
                : settings.keys();
    }

    /** Told only where it closes something. */
    private void warnNoKey(Policies policies) {
        String message = "no key: addresses for signed-in clients stay closed; configure auth.jwt to open them";
        if (policies.all().stream().anyMatch(NodeAuth::needsToken)) {
            LOG.warn(message);
            health.warn(WARNING, message);
        } else {
            LOG.debug(message);
            health.calm(WARNING);
        }
    }

    private static boolean needsToken(Policy policy) {
        // What only operators may hear is closed to others anyhow.
        return !Addresses.isSystem(policy.match().toString())
                && Stream.of(Action.values()).map(policy::permission).anyMatch(NodeAuth::needsToken);
    }

    private static boolean needsToken(Permission permission) {
        if (permission instanceof Permission.AnyOf several) {
            return several.options().stream().anyMatch(NodeAuth::needsToken);
        }
        if (permission instanceof Permission.ByType byType) {
            return byType.types().values().stream().anyMatch(NodeAuth::needsToken);
        }
        return permission instanceof Permission.SignedIn
                || permission instanceof Permission.Role
                || permission instanceof Permission.Self
                || permission instanceof Permission.Claim;
    }

    private InForce current() {
        return Objects.requireNonNull(inForce.get(), "set once and then replaced");
    }
}
