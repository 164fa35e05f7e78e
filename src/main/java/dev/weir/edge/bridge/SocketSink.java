package dev.weir.edge.bridge;

import dev.weir.edge.fanout.WireFormat;
import java.util.function.Consumer;

/** A WebSocket as its session sees it. */
interface SocketSink extends SessionSink {
    /** Names the session, who takes in its messages and who is told of its end; to be called once, before anything is read. */
    void attach(BridgeSession owner, Consumer<String> receiver, Runnable whenGone);

    /** Sends a text that is no message and needs no framing of SockJS's. */
    void greet(String text);

    /** How frames to this client are encoded. */
    WireFormat format();
}
