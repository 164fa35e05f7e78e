package dev.weir.bus;

import java.util.Locale;

/** What happens to an event on its way, as {@link Spans} records it. */
public enum SpanKind {
    /** It came in: from when it was complete until its producer got the receipt or the refusal. */
    ACCEPT,

    /** It became durable: the transaction that kept it. */
    COMMIT,

    /** It came out of its log at a node, in order. */
    FEED,

    /** It was written to the sessions of one event loop: from when it was accepted. */
    DELIVER,

    /** A flow took it. */
    FLOW,

    /** A stage or target of a flow had it. */
    STAGE,

    /** An attempt failed and is made again. */
    RETRY,

    /** It could not be processed. */
    DEAD_LETTER,

    /** A request was sent on the bus. */
    REQUEST,

    /** The reply to a request, or its failure: from when it was sent. */
    REPLY,

    /** The listeners of a verticle heard it, or the one that answers requests did. */
    HANDLE,

    /** A subscription gave it to a consumer, or a consumer settled it. */
    SUBSCRIPTION;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name that users see. */
    public String word() {
        return word;
    }
}
