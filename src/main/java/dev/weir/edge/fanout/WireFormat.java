package dev.weir.edge.fanout;

/** How an event is put into bytes for a kind of session. Every format in use by a group is encoded once per event. */
public enum WireFormat {
    /** A WebSocket text frame with the JSON. */
    RAW,
    /** A WebSocket text frame with the JSON as SockJS wraps it: {@code a["..."]}. */
    SOCKJS,
    /** The JSON followed by a line feed; for transports that frame it themselves, one line at a time. */
    LINE,
    /** A server-sent event. */
    SSE
}
