package dev.weir.flow;

/** Takes events from the step before. */
@FunctionalInterface
interface Receiver {
    /** Takes one event; never throws for what is wrong with it. */
    void accept(FlowEvent event);
}
