package dev.weir.bus;

import dev.weir.event.EventHeaders;
import java.util.Locale;

/** Names of the headers that Weir adds to frames and messages; clients that send others with this prefix lose them. */
public final class Wire {
    /** What every such header begins with. */
    public static final String PREFIX = "weir-";

    /** On an event that came through a pattern: its real address. */
    public static final String ADDRESS = "weir-address";

    /** On {@code register}: resume after this position. */
    public static final String SINCE = "weir-since";

    /** On {@code register}: begin with the last n events. */
    public static final String REWIND = "weir-rewind";

    /** On {@code register}: {@code join} to be present, {@code watch} to see who is, {@code none} to end both. */
    public static final String PRESENCE = "weir-presence";

    /** On {@code register}: the JSON that a member shows of itself. */
    public static final String PRESENCE_DATA = "weir-presence-data";

    /** On {@code register}: by what a client without a token is known again after a reconnect; a secret of its own. */
    public static final String PRESENCE_KEY = "weir-presence-key";

    /** On {@code ping}: answer with a {@code pong}, so that a client knows a silent node from a dead one. */
    public static final String PONG = "weir-pong";

    /** On {@code publish}: takes the event with this id back, which was to be delivered later. */
    public static final String CANCEL = "weir-cancel";

    /** On an event that is published, or a request: {@code 1} has every step of it recorded, see {@link Spans}. */
    public static final String TRACE = "weir-trace";

    /** On an event of a journaled address: its place in the log, from 1. */
    public static final String OFFSET = "weir-offset";

    /** On an event of a journaled address: which incarnation of the log that is. */
    public static final String EPOCH = "weir-epoch";

    /** On {@code registered}: whether nothing was missed. */
    public static final String RECOVERED = "weir-recovered";

    /** On {@code registered}: why something was missed. */
    public static final String REASON = "weir-reason";

    /** On a message that went to a listener that had just left, how often it was passed on. */
    public static final String HOPS = "weir-hops";

    /** Any frame may carry a bearer token here. */
    public static final String AUTHORIZATION = "authorization";

    private Wire() {}

    /** Whether only Weir may set the header; of clients it is dropped. */
    public static boolean isReserved(String header) {
        String lower = header.toLowerCase(Locale.ROOT);
        return lower.startsWith(PREFIX)
                || lower.startsWith(EventHeaders.PREFIX + "weir")
                || lower.startsWith(EventHeaders.PREFIX + "auth")
                || lower.equals(AUTHORIZATION);
    }
}
