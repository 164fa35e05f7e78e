package dev.weir.node;

import dev.weir.bus.Permission;
import dev.weir.bus.Policy;
import dev.weir.config.HttpConfig;
import dev.weir.observe.Health;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of a node that can be reached from other machines and lets anyone publish, or takes passwords unencrypted. Stateless. */
final class OpenDoors {
    private static final Logger LOG = LoggerFactory.getLogger(OpenDoors.class);
    private static final String WARNING = "anonymous-publish";
    private static final String PLAIN = "plain-passwords";

    private OpenDoors() {}

    static void check(NodeSettings settings, Health health) {
        publishing(settings, health);
        passwords(settings, health);
    }

    /** A proxy that is listed is taken to have the certificate. */
    private static void passwords(NodeSettings settings, Health health) {
        HttpConfig http = settings.loaded().config().http();
        boolean users = !settings.loaded().config().auth().console().users().isEmpty();
        if (!users || http.tls() != null || !http.trustedProxies().isEmpty() || isLoopback(http.host())) {
            health.calm(PLAIN);
            return;
        }
        String message = "users of the console send their passwords to " + http.host()
                + " unencrypted; set http.tls, or name the proxy that does it in http.trusted-proxies";
        LOG.warn(message);
        health.warn(PLAIN, message);
    }

    private static void publishing(NodeSettings settings, Health health) {
        String host = settings.loaded().config().http().host();
        String open = settings.policies().all().stream()
                .filter(policy -> isOpen(policy.publish()))
                .map(Policy::match)
                .map(String::valueOf)
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        if (open.isEmpty() || isLoopback(host)) {
            health.calm(WARNING);
            return;
        }
        String message = "anyone who reaches " + host + " may publish on " + open
                + "; set publish: signed-in, or http.host: 127.0.0.1";
        LOG.warn(message);
        health.warn(WARNING, message);
    }

    static boolean isOpen(Permission permission) {
        if (permission instanceof Permission.AnyOf several) {
            return several.options().stream().anyMatch(OpenDoors::isOpen);
        }
        if (permission instanceof Permission.ByType byType) {
            return byType.types().values().stream().anyMatch(OpenDoors::isOpen);
        }
        return permission instanceof Permission.Anyone;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
