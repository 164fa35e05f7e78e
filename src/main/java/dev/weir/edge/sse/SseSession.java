package dev.weir.edge.sse;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Policy;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.Attendance;
import dev.weir.edge.CloseCode;
import dev.weir.edge.Session;
import dev.weir.edge.SessionInfo;
import io.netty.buffer.Unpooled;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One open stream. Owned by its event loop. */
final class SseSession implements Session {
    /** The name of the last event of a stream that the server ends; tells a client why. */
    static final String CLOSED_EVENT = "weir-closed";

    private final SessionInfo info;
    private final Principal who;
    private final Map<String, Policy> addresses;
    private final HttpServerResponse response;
    private final SseOutlet outlet;
    private final Attendance attendance;
    private long lastBeatNanos;
    private boolean closed;

    SseSession(
            SessionInfo info,
            Principal who,
            Map<String, Policy> addresses,
            HttpServerResponse response,
            SseOutlet outlet,
            Attendance attendance,
            long nowNanos) {
        this.info = info;
        this.who = who;
        this.addresses = addresses;
        this.response = response;
        this.outlet = outlet;
        this.attendance = attendance;
        this.lastBeatNanos = nowNanos;
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public Principal who() {
        return who;
    }

    @Override
    public Map<String, Policy> registrations() {
        return addresses;
    }

    @Override
    public Attendance attendance() {
        return attendance;
    }

    @Override
    public long waitingBytes() {
        return outlet.waitingBytes();
    }

    /** A stream's client never sends anything; the last heartbeat stands for it. */
    @Override
    public long lastHeardNanos() {
        return lastBeatNanos;
    }

    SseOutlet outlet() {
        return outlet;
    }

    boolean isClosed() {
        return closed;
    }

    /** The transport is gone, or about to be; true the first time. */
    boolean end() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /** The first bytes, which open the client's stream: how long it waits before it reconnects. */
    void greet(int retryMillis) {
        write("retry: " + retryMillis + "\n\n");
    }

    /** Keeps proxies and the client from believing the connection dead, once per period. */
    void beat(long nowNanos, long periodNanos) {
        if (nowNanos - lastBeatNanos >= periodNanos && outlet.waitingBytes() == 0) {
            lastBeatNanos = nowNanos;
            outlet.beat();
        }
    }

    /** A stream is granted as a whole, so it ends as a whole. */
    @Override
    public void revoke(String address, Refusal why) {
        close(why.code() == FailureCode.NOT_LOGGED_IN ? CloseCode.EXPIRED : CloseCode.REVOKED);
    }

    @Override
    public void close(CloseCode why) {
        if (closed) {
            return;
        }
        if (outlet.waitingBytes() == 0) {
            JsonObject reason = new JsonObject().put("code", why.number()).put("reason", why.reason());
            write("event: " + CLOSED_EVENT + "\ndata: " + reason.encode() + "\n\n");
            response.end();
        } else {
            response.reset();
        }
    }

    private void write(String text) {
        outlet.offer(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
    }
}
