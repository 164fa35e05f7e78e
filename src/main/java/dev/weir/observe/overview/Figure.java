package dev.weir.observe.overview;

import java.util.Locale;

/** What is told of a node as one number, in the order in which histories keep them. */
enum Figure {
    /** Events accepted, per second. */
    IN,

    /** Events written to sessions, per second. */
    OUT,

    /** Refusals, per second. */
    REFUSED,

    /** Milliseconds from the bus to the sockets that half of the deliveries stayed below. */
    P50,

    /** Milliseconds from the bus to the sockets that 99 % of the deliveries stayed below. */
    P99,

    /** Sessions open. */
    SESSIONS,

    /** Events kept by the journal, per second. */
    KEPT,

    /** Milliseconds that a transaction of the journal took, on average. */
    COMMIT,

    /** Bytes that wait to be kept. */
    WAITING,

    /** Events that wait before flows. */
    LAG,

    /** Dead letters there are. */
    LETTERS,

    /** Milliseconds that an event loop was late, at most. */
    LOOP,

    /** Bytes of heap in use. */
    HEAP,

    /** Share of the time that garbage collection took, from 0. */
    GC,

    /** Processors that the node used. */
    CPU;

    /** As it is written. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
