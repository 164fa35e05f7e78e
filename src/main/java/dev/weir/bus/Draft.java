package dev.weir.bus;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * An event that somebody wants to publish. Belongs to whoever made it until it is handed to the {@link Publisher}.
 *
 * @param headers bus headers; completed by the publisher
 * @param data a JSON value or bytes
 * @param bytes size of the data, or an upper bound of it
 */
public record Draft(MultiMap headers, @Nullable Object data, int bytes) {}
