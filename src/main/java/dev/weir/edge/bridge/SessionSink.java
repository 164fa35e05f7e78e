package dev.weir.edge.bridge;

import dev.weir.edge.CloseCode;
import dev.weir.edge.fanout.Outlet;

/** The transport of one session, as the session sees it. */
interface SessionSink {
    /** Where frames go. */
    Outlet outlet();

    /** Ends the session; who broke the protocol is told no SockJS frame, as that protocol has it. */
    void close(CloseCode why);

    /** Sends a sign of life where the transport has one. */
    void beat();

    /** Stops reading what the client sends. */
    void pause();

    /** Goes on reading. */
    void resume();
}
