package dev.weir.bus;

import org.jspecify.annotations.Nullable;

/**
 * Where an event comes from.
 *
 * @param who the client, as far as its token says
 * @param client what rate limits count by: the subject, else the session or network address
 * @param source the {@code source} of events that name none, a URI reference
 * @param session the session's id, null outside a session
 * @param trusted true for the node's own sources, flows and verticles: no permission and no rate applies to them
 */
public record Origin(
        Principal who,
        String client,
        String source,
        @Nullable String session,
        boolean trusted) {
    /** The node itself, on behalf of a part of it. */
    public static Origin node(String part) {
        return new Origin(Principal.NODE, "node", "/" + part, null, true);
    }
}
