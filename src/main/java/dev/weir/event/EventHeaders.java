package dev.weir.event;

import java.time.Instant;

/** Attributes of an event as headers of a bus message. */
public final class EventHeaders {
    public static final String PREFIX = "ce-";
    public static final String ID = "ce-id";
    public static final String SOURCE = "ce-source";
    public static final String TYPE = "ce-type";
    public static final String SUBJECT = "ce-subject";
    public static final String TIME = "ce-time";
    public static final String DATACONTENTTYPE = "ce-datacontenttype";
    public static final String DEFAULT_TYPE = "message";

    private EventHeaders() {}

    public static String formatTime(Instant time) {
        return time.toString();
    }
}
