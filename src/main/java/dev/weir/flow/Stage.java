package dev.weir.flow;

/**
 * One step of a flow, at work: made for one lane, called on that lane's event loop only, which it must not block. What it gives on,
 * remembers and waits for goes through its {@link StageContext}; counting, retrying and what becomes of errors is not its business.
 */
public interface Stage {
    /**
     * Takes one event. What it throws is an error of this event: tried again, dead-lettered or dropped as the flow says, and the
     * more clearly its message says what is wrong with what, the better.
     */
    void accept(FlowEvent event);

    /**
     * Nothing more comes, since all inputs of the flow were read to their ends, and nothing waits before this stage. Events that had
     * died may come later.
     */
    default void inputEnded() {}

    /** What it remembered of a lane that goes is gone; timers of its own are to be stopped. Called once, at the end. */
    default void close() {}
}
