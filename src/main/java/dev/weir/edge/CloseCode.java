package dev.weir.edge;

/**
 * Why the server closes a WebSocket. 1xxx are those of RFC 6455; after 4100 to 4199 a client should reconnect, after 4400 to
 * 4499 it should not before something changes.
 */
public enum CloseCode {
    /** The node stops; another one, or this one a little later, will serve. */
    GOING_AWAY(1001, "the node is going away, reconnect"),
    /** The session read too slowly for its queue. */
    SLOW(4101, "the session read too slowly, reconnect"),
    /** The session sent no ping in time. */
    NO_PING(4102, "no ping in time, reconnect"),
    /** An operator closed the session. */
    CLOSED_BY_OPERATOR(4401, "closed by an operator"),
    /** The token that opened the session expired; a new one is needed. */
    EXPIRED(4403, "the token expired"),
    /** The node takes no more sessions for now. */
    BUSY(4103, "the node is busy, reconnect later"),
    /** The client broke the protocol. */
    PROTOCOL(4402, "the frame could not be understood"),
    /** A permission of the session was taken away. */
    REVOKED(4404, "a permission was taken away"),
    /** A message was larger than the node takes. */
    TOO_LARGE(1009, "the message is too large");

    private final short number;
    private final String reason;

    CloseCode(int number, String reason) {
        this.number = (short) number;
        this.reason = reason;
    }

    /** The status code on the wire. */
    public short number() {
        return number;
    }

    /** The reason on the wire. */
    public String reason() {
        return reason;
    }
}
