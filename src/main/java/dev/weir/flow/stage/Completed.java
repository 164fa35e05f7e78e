package dev.weir.flow.stage;

import dev.weir.flow.FlowEvent;

/** What events made of several say of themselves, as attributes. Pure functions. */
final class Completed {
    /** The attribute that says by what it was completed. */
    static final String BY = "completedby";

    /** The attribute that says of how many events it was made. */
    static final String SIZE = "batchsize";

    private Completed() {}

    static FlowEvent say(FlowEvent event, String by, long size) {
        return event.withAttribute(BY, by).withAttribute(SIZE, Long.toString(size));
    }
}
