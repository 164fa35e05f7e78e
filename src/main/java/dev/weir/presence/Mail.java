package dev.weir.presence;

import io.vertx.core.json.JsonObject;

/** How rosters talk to each other: unreliably, but between two nodes in order. */
interface Mail {
    /** To the rosters of all other nodes. */
    void all(JsonObject letter);

    /** To that of one node. */
    void one(String node, JsonObject letter);
}
