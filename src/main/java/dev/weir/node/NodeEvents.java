package dev.weir.node;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureText;
import dev.weir.bus.Origin;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to nodes, as events on {@code weir.node.<id>}. */
final class NodeEvents {
    private static final Logger LOG = LoggerFactory.getLogger(NodeEvents.class);
    private static final Origin ORIGIN = Origin.node("cluster");

    private NodeEvents() {}

    /** Tells that a node {@code joined} or {@code left}. */
    static void publish(Node node, String what, String id) {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().add(EventHeaders.TYPE, what).add(EventHeaders.SUBJECT, id);
        node.publisher()
                .publish(ORIGIN, Addresses.NODE_PREFIX + id, headers, new JsonObject().put("node", id), 0)
                .onFailure(failure -> LOG.debug("nobody was told that {} {}: {}", id, what, FailureText.of(failure)));
    }
}
