package dev.weir.script.node;

import dev.weir.script.ScriptLoop;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** A connection that a script's server accepted: what {@code req.socket} tells. Owned by the script's loop. */
public final class HttpPeer {
    private final HttpConnection connection;
    private final ScriptLoop loop;
    private final int id;
    private @Nullable Value closed;
    private int active;
    private boolean upgraded;
    private boolean quiet;

    HttpPeer(HttpConnection connection, ScriptLoop loop, int id) {
        this.id = id;
        this.connection = connection;
        this.loop = loop;
    }

    /** Its number among the connections of its server. */
    @HostAccess.Export
    public int id() {
        return id;
    }

    /** Address and port of the client, address and port here, joined by blanks. */
    @HostAccess.Export
    public String addresses() {
        return text(connection.remoteAddress()) + " " + text(connection.localAddress());
    }

    private static String text(@Nullable SocketAddress address) {
        return address == null ? "- 0" : address.hostAddress() + " " + address.port();
    }

    /** Who is told of the end. */
    @HostAccess.Export
    public void onClose(Value told) {
        closed = told;
    }

    /** Ends it at once. */
    @HostAccess.Export
    public void destroy() {
        var unused = connection.close();
    }

    void begin() {
        active++;
        quiet = false;
    }

    void end() {
        active--;
    }

    /** It is a WebSocket now. */
    void upgrade() {
        upgraded = true;
    }

    boolean isIdle() {
        return active == 0 && !upgraded;
    }

    /** Whether it was idle when this was last asked and ever since. */
    boolean staysIdle() {
        boolean before = quiet;
        quiet = isIdle();
        return before && quiet;
    }

    void gone() {
        if (closed != null) {
            loop.enter(closed);
        }
    }
}
