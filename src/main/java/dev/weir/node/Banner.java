package dev.weir.node;

import dev.weir.config.HttpConfig;
import io.vertx.core.Vertx;

/** What a user sees once the node is ready. */
final class Banner {
    private Banner() {}

    @SuppressWarnings("SystemOut") // The banner is the program's answer to the user, not a log line.
    static void print(NodeSettings settings, Vertx vertx, String id, int port) {
        HttpConfig http = settings.loaded().config().http();
        String url = (http.tls() == null ? "http://" : "https://") + http.host() + ":" + port;
        System.out.println(String.join(
                System.lineSeparator(),
                "",
                "  Weir is ready",
                "    page       " + url + "/",
                "    bridge     " + url + "/eventbus",
                "    node       " + id + (vertx.isClustered() ? ", in a cluster" : ", alone"),
                "    transport  " + Transports.nameOf(vertx),
                "    publish    curl -H 'content-type: application/json' -d '{\"n\":1}' '" + url
                        + "/v1/addresses/clicks/events?type=click'",
                ""));
    }
}
