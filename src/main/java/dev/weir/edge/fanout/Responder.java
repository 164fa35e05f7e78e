package dev.weir.edge.fanout;

import io.vertx.core.eventbus.Message;

/** A session that can answer requests. */
public interface Responder {
    /** The session is about to get a request; only it may answer to the message's reply address. */
    void awaitsReply(Message<Object> request);
}
