package dev.weir.flow;

/** What of an event is surely as it was behind a stage, by which a flow can still be told to have the same key there. */
public enum Keeps {
    /** Nothing is known. */
    NOTHING,
    /** Its key. */
    KEY,
    /** All of it: it is passed on as it came, or not at all. */
    EVENT
}
