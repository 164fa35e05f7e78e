package dev.weir.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the events of addresses with {@code keep} are kept. */
@Doc("Where journaled events are kept.")
public record JournalConfig(
        @Doc("What keeps them: sqlite, a file of a node alone; hazelcast, the memory of the nodes of a cluster; or"
                + " postgresql, a server for any number of nodes. auto takes sqlite alone and hazelcast in a cluster.")
        @Default("auto")
        Engine engine,

        @Doc("Folder for the node's own data, below WEIR_HOME.") @Default("data")
        String path,

        @Doc(
                value = "Where the PostgreSQL server is and how to sign in.",
                example = "postgresql://weir:secret@db:5432/weir")
        @Secret
        @Nullable
        String uri,

        @Doc(
                "The schema of the tables in PostgreSQL, made when it is not there: lower-case letters, digits, underscores.")
        @Default("weir")
        String schema,

        @Doc("How long PostgreSQL may take to answer before events are refused.")
        @Default("5s")
        @Range(min = 500, max = 60_000)
        Duration timeout,

        @Doc("How long a repeat of an event with the same id is recognised.") @Default("2m")
        Duration repeatWindow,

        @Doc("How many events sqlite and hazelcast remember for that at most; more in the window shorten it.")
        @Default("500000")
        @Range(min = 1000, max = 10_000_000)
        int repeatEvents,

        @Doc("How far ahead an event may be due that is published with deliverat or deliverafter.")
        @Default("366d")
        @Range(min = 1000)
        Duration maxDelay,

        @Doc("How many such events may wait on one address.") @Default("100000") @Range(min = 1, max = 1_000_000)
        int maxDelayed,

        @Doc(
                "How long a log without events, or whose address has no keep any more, is remembered after its last event.")
        @Default("30d")
        @Range(min = 60_000)
        Duration forget,

        @Doc("How long dead letters are kept; the oldest go.")
        DeadLettersConfig deadLetters) {
    /** How long dead letters are kept; what is beyond either bound goes, the oldest first. */
    @Doc("How long dead letters are kept; what is beyond either bound goes, the oldest first.")
    public record DeadLettersConfig(
            @Doc("How many are kept.") @Default("100000") @Range(min = 1, max = 10_000_000)
            int events,

            @Doc("How long after the last attempt one is kept.") @Default("30d") @Range(min = 60_000)
            Duration age) {}

    /** What keeps events. */
    public enum Engine {
        /** SQLite alone, Hazelcast in a cluster. */
        AUTO,
        /** A file of this node. */
        SQLITE,
        /** A PostgreSQL server. */
        POSTGRESQL,
        /** The memory of several nodes. */
        HAZELCAST
    }
}
