package dev.weir.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A named durable position on journaled addresses, as it is written under {@code subscriptions:}. */
@Doc("A named durable position on journaled addresses, with acknowledgement and redelivery.")
public record SubscriptionConfig(
        @Doc(value = "Names it; what was settled is kept under this name.", example = "billing")
        String name,

        @Doc(value = "The addresses with keep whose events it gets.", example = "[orders]")
        List<String> from,

        @Doc("Who may take and settle its deliveries.") @Nullable
        RawValue consume,

        @Doc("How long a consumer has to settle a delivery before it counts as failed.")
        @Default("30s")
        @Range(min = 100)
        Duration ackWait,

        @Doc("How many deliveries may be unsettled at once.") @Default("100") @Range(min = 1, max = 10_000)
        int inFlight,

        @Doc("What happens to a delivery that failed.") RetryConfig retry,

        @Doc("Whether events of an address with the same subject wait for each other.") @Default("key")
        Order order,

        @Doc("Where it begins when it is new: beginning (the oldest kept event), end (the next event), a position as"
                + " EPOCH:OFFSET (of the last event it does not get; with one address), or a time as"
                + " 2026-02-28T12:00:00Z (the first event kept then or later).")
        @Default("beginning")
        String start,

        @Doc("The event types it gets; all when empty.") @Default("[]")
        List<String> types,

        Location at) {
    /** Whether events wait for each other. */
    public enum Order {
        /** Events of an address with the same key are delivered one after another. */
        KEY,
        /** Events are delivered as they come, several of a key at once. */
        FREE
    }

    /** How often and when something that failed is tried again. */
    @Doc("How often and when something that failed is tried again.")
    public record RetryConfig(
            @Doc("The pauses after the first failure, the second and so on; the last is used for all further ones.")
            @Default("[1s, 10s, 1m]")
            List<Duration> backoff,

            @Doc("How often it is tried in all; then it is a dead letter.") @Default("5") @Range(min = 1, max = 1000)
            int attempts) {}
}
