package dev.weir.edge;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * Lets new connections in a few at a time, so that a thousand which come at once, after the death of a node, do not hold up those
 * that are here: the requests of the others are not read yet. Owned by its event loop.
 */
final class Arrivals {
    /** Each costs about a third of a millisecond until its session is there. */
    private static final int AT_ONCE = 8;

    private final Executor nextPass;
    private final ArrayDeque<Channel> waiting = new ArrayDeque<>(0);
    private int room = AT_ONCE;
    private boolean counting;

    /** @param nextPass runs what it is given once the event loop has looked at its sockets again */
    Arrivals(Executor nextPass) {
        this.nextPass = nextPass;
    }

    /** A client connected; nothing was read from it yet. */
    void connected(HttpConnection connection) {
        if (!counting) {
            counting = true;
            nextPass.execute(this::passed);
        }
        if (room > 0) {
            room--;
        } else if (connection instanceof ConnectionBase own) {
            Channel channel = own.channelHandlerContext().channel();
            channel.config().setAutoRead(false);
            waiting.add(channel);
        }
    }

    private void passed() {
        room = AT_ONCE;
        counting = !waiting.isEmpty();
        while (room > 0 && !waiting.isEmpty()) {
            room--;
            // Of one that is gone meanwhile nothing is read.
            waiting.remove().config().setAutoRead(true);
        }
        if (counting) {
            nextPass.execute(this::passed);
        }
    }
}
