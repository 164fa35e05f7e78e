package dev.weir.node;

import dev.weir.bus.Permission;
import dev.weir.bus.Policy;
import dev.weir.config.HttpConfig;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a user sees once the node is ready. */
final class Banner {
    private Banner() {}

    @SuppressWarnings("SystemOut") // The banner is the program's answer to the user, not a log line.
    static void print(NodeSettings settings, Vertx vertx, String id, int port, @Nullable String code) {
        String url = url(settings, port);
        List<String> lines = new ArrayList<>(List.of(
                "",
                "  Weir is ready",
                "    page       " + url + "/",
                "    console    " + console(url, code),
                "    bridge     " + url + "/eventbus",
                "    node       " + id + (vertx.isClustered() ? ", in a cluster" : ", alone"),
                "    journal    " + EngineChoice.describe(settings, vertx.isClustered()),
                "    transport  " + Transports.nameOf(vertx)));
        publishing(settings, url).ifPresent(curl -> lines.add("    publish    " + curl));
        lines.add("");
        System.out.println(String.join(System.lineSeparator(), lines));
    }

    /** What an operator of the machine is told who asked for a new link. */
    @SuppressWarnings("SystemOut") // As the banner.
    static void printLink(NodeSettings settings, int port, String code) {
        System.out.println("  Weir console  " + console(url(settings, port), code));
    }

    private static String url(NodeSettings settings, int port) {
        HttpConfig http = settings.loaded().config().http();
        return (http.tls() == null ? "http://" : "https://") + http.host() + ":" + port;
    }

    /** The code stands behind the #, which browsers send to no server. */
    private static String console(String url, @Nullable String code) {
        return code == null ? url + "/console/" : url + "/console/#code=" + code + "  (once, within 15 minutes)";
    }

    /** A command that works here: for an address that anyone may publish on, else for one that needs a token. */
    private static Optional<String> publishing(NodeSettings settings, String url) {
        List<Policy> addresses = settings.policies().all().stream()
                .filter(policy -> policy.match().isLiteral() && !policy.isForRequests())
                .filter(policy -> !(policy.publish() instanceof Permission.Nobody))
                .toList();
        Optional<Policy> open = addresses.stream()
                .filter(policy -> OpenDoors.isOpen(policy.publish()))
                .findFirst();
        String token = open.isPresent() ? "" : "-H 'authorization: Bearer TOKEN' ";
        return open.or(() -> addresses.stream().findFirst())
                .map(policy -> "curl -H 'content-type: application/json' " + token + "-d '{\"n\":1}' '" + url
                        + "/v1/addresses/" + policy.match() + "/events?type=click'");
    }
}
