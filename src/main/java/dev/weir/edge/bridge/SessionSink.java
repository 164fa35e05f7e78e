package dev.weir.edge.bridge;

import dev.weir.edge.CloseCode;
import dev.weir.edge.fanout.Outlet;

/** The transport of one session, as the session sees it. */
interface SessionSink {
    /** Where frames go. */
    Outlet outlet();

    /** Ends the session. */
    void close(CloseCode why);

    /** Stops reading what the client sends. */
    void pause();

    /** Goes on reading. */
    void resume();
}
