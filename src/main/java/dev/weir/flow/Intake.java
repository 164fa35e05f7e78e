package dev.weir.flow;

import org.jspecify.annotations.Nullable;

/** What inputs give their events to. On the lane's event loop. */
interface Intake {
    /**
     * Takes an event.
     *
     * @param input where it comes from
     * @param data as it came
     */
    void take(LaneInput input, Arrival arrival, @Nullable Object data);

    /** Whether more can be taken now; when it cannot, inputs are told later to go on. */
    boolean hasRoom();

    /** Nothing more comes of this input. */
    default void ended(LaneInput input, String name) {}

    /** The flow cannot go on with what this input has. */
    void stop(String why);

    /** Something that users should know, once for each kind. */
    void warn(LaneInput input, String what);
}
