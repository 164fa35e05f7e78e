package dev.weir.emitter;

/** What happens when more events wait for the reader of an {@link EventStream} than it may hold. */
public enum Overflow {
    /** The stream ends with a {@link SlowReaderException}, behind the events that wait: nothing is missed unknowingly. */
    FAIL,

    /** The oldest event that waits is dropped and counted. */
    DROP_OLDEST
}
