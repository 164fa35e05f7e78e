package dev.weir.edge;

import dev.weir.bus.Counters;
import dev.weir.config.HttpConfig;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose next request's headers do not come in time, so that slow or silent senders hold no sockets, and counts
 * connections and requests. The first request has the handshake's time, each later one the idle time, from the end of the answer
 * before. Streams are answers that have not ended, and WebSockets leave at their upgrade, so neither is idle here. Owned by its
 * event loop.
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

        private boolean isIdle(long now, long patienceNanos) {
            HttpServerRequest last = asked;
            if (last == null) {
                return first == null && now - idleSinceNanos > patienceNanos;
            }
            if (last.response().ended()) {
                asked = null;
                idleSinceNanos = now;
            }
            return false;
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
            if (entry.isIdle(now, idleNanos)) {
                idle.add(connection);
            }
        });
        idle.forEach(HttpConnection::close);
    }
}
