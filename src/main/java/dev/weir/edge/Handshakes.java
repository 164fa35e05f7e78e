package dev.weir.edge;

import dev.weir.bus.Counters;
import dev.weir.config.HttpConfig;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose next request's headers do not come in time, so that slow or silent senders hold no sockets, and counts
 * connections and requests. The first request has the handshake's time, each later one the idle time, from when the client has taken
 * the last bytes of the answer before; who takes none of them for so long is idle, too. Streams are answers that have not ended, and
 * WebSockets leave at their upgrade, so neither is idle here. Owned by its event loop.
 */
final class Handshakes {
    private static final Duration SWEEP = Duration.ofSeconds(1);

    /** A connection that still speaks HTTP. */
    private static final class Connected {
        /** Ends the wait for the first request. */
        private Timers.@Nullable Timer first;
        /** The last request, unless it is known to be answered. */
        private @Nullable HttpServerRequest asked;

        private long idleSinceNanos;
        /** What the client has yet to take of answers that ended, as a number that changes whenever it takes some. */
        private long untaken;

        private void begin(HttpServerRequest request) {
            stopTimer();
            asked = request;
        }

        private void stopTimer() {
            Timers.Timer timer = first;
            if (timer != null) {
                timer.cancel();
                first = null;
            }
        }

        private boolean isIdle(HttpConnection connection, long now, long patienceNanos) {
            HttpServerRequest last = asked;
            if (last == null) {
                if (first == null) {
                    look(connection, now);
                }
                return first == null && now - idleSinceNanos > patienceNanos;
            }
            if (last.response().ended()) {
                asked = null;
                idleSinceNanos = now;
                untaken = untaken(connection);
            }
            return false;
        }

        private void look(HttpConnection connection, long now) {
            long left = untaken(connection);
            if (left != untaken) {
                untaken = left;
                idleSinceNanos = now;
            }
        }

        /** An answer has ended once all of it was handed to the channel, which may be long before a slow client has it. */
        private static long untaken(HttpConnection connection) {
            if (!(connection instanceof ConnectionBase base)) {
                return 0;
            }
            ChannelOutboundBuffer waiting =
                    base.channelHandlerContext().channel().unsafe().outboundBuffer();
            return waiting == null ? 0 : waiting.totalPendingWriteBytes() * 31 + waiting.currentProgress();
        }
    }

    private final Clock clock;
    private final Timers timers;
    private final Duration handshake;
    private final long idleNanos;
    private final Counters counters;
    private final IdentityHashMap<HttpConnection, Connected> all = new IdentityHashMap<>();

    Handshakes(EdgeServices edge) {
        HttpConfig config = edge.config();
        this.clock = edge.clock();
        this.timers = edge.timers();
        this.handshake = config.handshakeTimeout();
        this.idleNanos = config.idleTimeout().toNanos();
        this.counters = edge.counters();
        timers.every(SWEEP, this::sweep);
    }

    /** A client connected. */
    void connected(HttpConnection connection) {
        counters.httpConnections.increment();
        Connected entry = new Connected();
        all.put(connection, entry);
        entry.first = timers.after(handshake, connection::close);
        connection.closeHandler(gone -> left(connection));
    }

    /** A request's headers are complete. */
    void requested(HttpServerRequest request) {
        counters.httpRequests.increment();
        Connected entry = all.get(request.connection());
        if (entry != null) {
            entry.begin(request);
        }
    }

    /** A connection speaks HTTP no more: it ended, or became a WebSocket, of whose end Vert.x tells nobody here. */
    void left(HttpConnection connection) {
        Connected entry = all.remove(connection);
        if (entry != null) {
            counters.httpConnections.decrement();
            entry.stopTimer();
        }
    }

    private void sweep() {
        long now = clock.nanos();
        List<HttpConnection> idle = new ArrayList<>(0);
        all.forEach((connection, entry) -> {
            if (entry.isIdle(connection, now, idleNanos)) {
                idle.add(connection);
            }
        });
        idle.forEach(Handshakes::end);
    }

    /** A close that goes through the handler of Vert.x waits for what is to be taken, and so for ever for who takes nothing. */
    @SuppressWarnings("FutureReturnValueIgnored") // The close handler tells of the end.
    private static void end(HttpConnection connection) {
        if (connection instanceof ConnectionBase base && Connected.untaken(connection) != 0) {
            base.channelHandlerContext().close();
        } else {
            connection.close();
        }
    }
}
