package dev.weir.edge;

import dev.weir.bus.Counters;
import dev.weir.time.Timers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.IdentityHashMap;

/**
 * Closes connections whose first request's headers do not come in time, so that slow or silent senders hold no sockets, and
 * counts both. Owned by its event loop.
 */
final class Handshakes {
    private final Timers timers;
    private final Duration patience;
    private final Counters counters;
    private final IdentityHashMap<HttpConnection, Timers.Timer> waiting = new IdentityHashMap<>();

    Handshakes(Timers timers, Duration patience, Counters counters) {
        this.timers = timers;
        this.patience = patience;
        this.counters = counters;
    }

    /** A client connected. */
    void connected(HttpConnection connection) {
        counters.httpConnections.increment();
        waiting.put(connection, timers.after(patience, () -> {
            waiting.remove(connection);
            connection.close();
        }));
        connection.closeHandler(gone -> {
            counters.httpConnections.decrement();
            done(connection);
        });
    }

    /** A request's headers are complete. */
    void requested(HttpServerRequest request) {
        counters.httpRequests.increment();
        if (!waiting.isEmpty()) {
            done(request.connection());
        }
    }

    private void done(HttpConnection connection) {
        Timers.Timer timer = waiting.remove(connection);
        if (timer != null) {
            timer.cancel();
        }
    }
}
