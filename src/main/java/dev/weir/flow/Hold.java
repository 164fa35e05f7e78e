package dev.weir.flow;

/** An event that waits at a stage while something asynchronous happens. Released once, on the lane's event loop; more is ignored. */
public interface Hold {
    /** It is done with; what came of it was emitted before. */
    void done();

    /** It failed: tried again, dead-lettered or dropped as the flow says. */
    void fail(Throwable error);

    /** Names the held event; names in the order of their text are in the order in which the events came to the stage. */
    String id();

    /** How often it was tried before. */
    int attempts();

    /** Whether the lane still waits for it; not after the lane closed or lost the event's partition. */
    boolean isOpen();
}
