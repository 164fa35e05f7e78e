package dev.weir.edge;

/**
 * What never changes about a session.
 *
 * @param id unique over the cluster
 * @param transport websocket, sockjs, sse, ...
 * @param remote network address of the client
 * @param openedMillis wall-clock time at which it was opened
 */
public record SessionInfo(String id, String transport, String remote, long openedMillis) {
    /** The {@code source} of events that name none. */
    public String source() {
        return "/sessions/" + id;
    }
}
