package dev.weir.edge;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.concurrent.atomic.AtomicReference;

/** The servers of a node as node wiring sees them: their port, their certificate, their end. Thread-safe. */
public final class Listening {
    private final AtomicReference<HttpServer> server = new AtomicReference<>();
    private final Runnable whenStopping;

    /** @param whenStopping run when the first server begins to stop; may run several times */
    public Listening(Runnable whenStopping) {
        this.whenStopping = whenStopping;
    }

    /** The port, 0 before the first server listens. */
    public int port() {
        HttpServer any = server.get();
        return any == null ? 0 : any.actualPort();
    }

    /** Serves new connections with another certificate; those that are open keep theirs. Does nothing without TLS. */
    public Future<Boolean> useCertificate(HttpServerOptions options) {
        ServerSSLOptions tls = options.getSslOptions();
        HttpServer any = server.get();
        return tls == null || any == null ? Future.succeededFuture(false) : any.updateSSLOptions(tls.copy(), true);
    }

    void opened(HttpServer listening) {
        server.compareAndSet(null, listening);
    }

    void stopping() {
        whenStopping.run();
    }
}
