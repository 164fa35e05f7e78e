package dev.weir.edge;

import dev.weir.time.Timers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.IdentityHashMap;

/**
 * Closes connections whose first request's headers do not come in time, so that slow or silent senders hold no sockets. Owned by
 * its event loop.
 */
final class Handshakes {
    private final Timers timers;
    private final Duration patience;
    private final IdentityHashMap<HttpConnection, Timers.Timer> waiting = new IdentityHashMap<>();

    Handshakes(Timers timers, Duration patience) {
        this.timers = timers;
        this.patience = patience;
    }

    /** A client connected. */
    void connected(HttpConnection connection) {
        waiting.put(connection, timers.after(patience, () -> {
            waiting.remove(connection);
            connection.close();
        }));
        connection.closeHandler(gone -> done(connection));
    }

    /** A request's headers are complete. */
    void requested(HttpServerRequest request) {
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
