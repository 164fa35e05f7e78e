package dev.weir.config;

import org.jspecify.annotations.Nullable;

/** One policy as it is written under {@code addresses:}. */
@Doc("A policy: what is allowed on the addresses that match.")
public record AddressConfig(
        @Doc(value = "Address, with {name} for one segment and ** for the last segments.", example = "chat.{room}")
        String match,

        @Doc("Who may publish events.") @Nullable RawValue publish,
        @Doc("Who may subscribe.") @Nullable RawValue subscribe,

        @Doc("Who may send requests; makes this an address for requests.") @Nullable
        RawValue request,

        @Doc("Which sessions may register to answer requests.") @Nullable
        RawValue respond,

        @Doc("How fast one client may publish.") @Nullable RateConfig rate,

        @Doc("Largest data of one event or request.") @Default("64KiB") @Range(min = 16, max = 1L << 28)
        ByteSize maxSize,

        @Doc("How many addresses below a match with {name} or ** may have listeners among the sessions of one node,"
                + " and with keep how many may be kept in all.")
        @Default("10000")
        @Range(min = 1)
        int maxAddresses,

        @Doc("What happens to a session that reads too slowly.") @Default("disconnect")
        Slow slow,

        @Doc(
                value =
                        "Keeps events: the newest ones, those of an age, or both; or latest: the newest of each key (subject)."
                                + " With hold, how long and how much more is kept for subscriptions.",
                example = "{events: 1000, age: 7d}")
        @Nullable
        RawValue keep,

        @Doc("Who may read kept events and resume where a connection broke.") @Nullable
        RawValue history,

        @Doc("Who may see who is on an address, and be seen there.") @Nullable
        RawValue presence,

        @Doc("JSON Schema file for the data, or a map from event type to file.") @Nullable
        RawValue schema,

        Location at) {
    /** What happens to a session whose queue is full. */
    public enum Slow {
        /** Close the session with a code that says reconnect. */
        DISCONNECT,
        /** Keep only the newest waiting event of each key. */
        CONFLATE,
        /** Drop the oldest waiting events and mark the gap. */
        DROP_OLDEST
    }

    /** A token bucket. */
    @Doc("How fast one client may publish: a token bucket.")
    public record RateConfig(
            @Doc(value = "Events one client may publish per time.", example = "20/s")
            Rate client,

            @Doc("Events one client may publish at once after a pause.") @Default("10") @Range(min = 1, max = 1_000_000)
            int burst) {}
}
