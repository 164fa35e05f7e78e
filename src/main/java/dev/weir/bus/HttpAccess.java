package dev.weir.bus;

import org.jspecify.annotations.Nullable;

/**
 * One request that was answered, as it may be shown: tokens are taken out before it is made.
 *
 * @param method as sent
 * @param path as sent, without the query
 * @param query as sent, null without one
 * @param status of the answer, 101 for a WebSocket, 499 when the client left before one
 * @param bytes of the answer's body
 * @param micros from the request's head to the end of the answer, in microseconds
 * @param client network address of whoever connected
 * @param agent the {@code User-Agent}, null without one
 * @param subject who the token says, null when nobody signed in
 */
public record HttpAccess(
        String method,
        String path,
        @Nullable String query,
        int status,
        long bytes,
        long micros,
        String client,
        @Nullable String agent,
        @Nullable String subject) {}
