package dev.weir.config;

import java.time.Duration;

/** Where the events of addresses with {@code keep} are kept. */
@Doc("Where journaled events are kept.")
public record JournalConfig(
        @Doc("What keeps them; auto takes the best one for how the node runs. Available now: sqlite, for a node alone.")
        @Default("auto")
        Engine engine,

        @Doc("Folder for the node's own data, below WEIR_HOME.") @Default("data")
        String path,

        @Doc("How long a repeat of an event with the same id is recognised.") @Default("2m")
        Duration repeatWindow,

        @Doc("How many events are remembered for that at most; more in the window shorten it.")
        @Default("500000")
        @Range(min = 1000, max = 10_000_000)
        int repeatEvents) {
    /** What keeps events. */
    public enum Engine {
        /** SQLite alone; in a cluster an engine for several nodes. */
        AUTO,
        /** A file of this node. */
        SQLITE,
        /** A PostgreSQL server. */
        POSTGRESQL,
        /** The memory of several nodes. */
        HAZELCAST
    }
}
