package dev.weir.bus;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * An event of a log. Shared by all who read it: neither headers nor body may be changed.
 *
 * @param offset its place in the log, from 1
 * @param headers as on the bus, with {@link Wire#OFFSET} and {@link Wire#EPOCH}
 * @param body the data, a JSON value or bytes
 */
public record KeptEvent(
        long offset, MultiMap headers, @Nullable Object body) {}
