package dev.weir.event;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event as an ordinary message of the event bus: the body is the data, the attributes are headers {@code ce-<name>}; the trace
 * context keeps the names every tracer knows. Any plain Vert.x consumer can read it, any plain message is an event.
 *
 * <p>Pure functions on the hot path of every event: one pass over the headers, no regular expressions.
 */
public final class EventHeaders {
    /** In front of the name of every attribute but the trace context. */
    public static final String PREFIX = "ce-";

    public static final String ID = PREFIX + Attributes.ID;
    public static final String SOURCE = PREFIX + Attributes.SOURCE;
    public static final String TYPE = PREFIX + Attributes.TYPE;
    public static final String SUBJECT = PREFIX + Attributes.SUBJECT;
    public static final String TIME = PREFIX + Attributes.TIME;
    public static final String DATACONTENTTYPE = PREFIX + Attributes.DATA_CONTENT_TYPE;
    public static final String DATASCHEMA = PREFIX + Attributes.DATA_SCHEMA;

    /** The type of an event that names none. */
    public static final String DEFAULT_TYPE = Attributes.DEFAULT_TYPE;

    private EventHeaders() {}

    /** Writes a time of the years 0000 to 9999 as RFC 3339 in UTC: milliseconds, and finer where the time is finer. */
    public static String formatTime(Instant time) {
        return Rfc3339.format(time);
    }

    /**
     * Reads an RFC 3339 time with any offset. Digits beyond nanoseconds are cut.
     *
     * @throws InvalidEventException for the attribute {@code time} when the text is no such time
     */
    public static Instant parseTime(String text) {
        return Rfc3339.parse(text);
    }

    /** The headers of an event in a new map; its body is {@link Event#data()}. */
    public static MultiMap toHeaders(Event event) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        headers.add(ID, event.id());
        headers.add(SOURCE, event.source());
        headers.add(TYPE, event.type());
        add(headers, SUBJECT, event.subject());
        headers.add(TIME, Rfc3339.format(event.time()));
        add(headers, DATACONTENTTYPE, event.datacontenttype());
        add(headers, DATASCHEMA, event.dataschema());
        for (Map.Entry<String, String> extension : event.extensions().entrySet()) {
            headers.add(headerOf(extension.getKey()), extension.getValue());
        }
        return headers;
    }

    private static void add(MultiMap headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, value);
        }
    }

    /** The header that carries an attribute. */
    public static String headerOf(String attribute) {
        return switch (attribute) {
            case Attributes.ID -> ID;
            case Attributes.SOURCE -> SOURCE;
            case Attributes.TYPE -> TYPE;
            case Attributes.SUBJECT -> SUBJECT;
            case Attributes.TIME -> TIME;
            case Attributes.DATA_CONTENT_TYPE -> DATACONTENTTYPE;
            case Attributes.DATA_SCHEMA -> DATASCHEMA;
            case Attributes.TRACEPARENT, Attributes.TRACESTATE -> attribute;
            default -> PREFIX + attribute;
        };
    }

    /** The attribute that a header carries, or null when it carries none. */
    public static @Nullable String attributeOf(String header) {
        if (header.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
            return header.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        }
        if (header.equalsIgnoreCase(Attributes.TRACEPARENT)) {
            return Attributes.TRACEPARENT;
        }
        return header.equalsIgnoreCase(Attributes.TRACESTATE) ? Attributes.TRACESTATE : null;
    }

    /**
     * Adds an attribute that somebody outside wrote, in its text form. The version is checked and not kept.
     *
     * @throws InvalidEventException when its name or value is not allowed, or it is there already
     */
    public static void accept(MultiMap headers, String attribute, String value) {
        Attributes.check(attribute, value);
        if (attribute.equals(Attributes.SPEC_VERSION)) {
            return;
        }
        String header = headerOf(attribute);
        if (headers.contains(header)) {
            throw new InvalidEventException(attribute, "'" + attribute + "' is given twice; give it once");
        }
        headers.add(header, value);
    }

    /**
     * Adds an attribute that somebody outside wrote, as the value that JSON has for it.
     *
     * @throws InvalidEventException when its name, type or value is not allowed, or it is there already
     */
    public static void accept(MultiMap headers, String attribute, Object value) {
        accept(headers, attribute, Attributes.textOf(attribute, value));
    }

    /**
     * Reads the event that a message is. A message without {@code ce-type} has the {@link #DEFAULT_TYPE}, one without an id
     * gets a random one. Headers that are no attributes are ignored; of a header given twice the first counts. The body is not
     * copied: the event bus has done so.
     *
     * @param defaultSource the source of messages that name none, not empty
     * @param now the time of messages that name none
     * @throws InvalidEventException when an attribute is there but bad, or the body is neither a JSON value nor bytes
     */
    public static Event fromMessage(
            String defaultSource, Supplier<Instant> now, MultiMap headers, @Nullable Object body) {
        EventBuilder event = new EventBuilder().data(body instanceof byte[] bytes ? Buffer.buffer(bytes) : body);
        for (Map.Entry<String, String> header : headers) {
            read(event, header.getKey(), header.getValue());
        }
        if (!event.has(Attributes.ID)) {
            event.id(UUID.randomUUID().toString());
        }
        if (!event.has(Attributes.SOURCE)) {
            event.source(defaultSource);
        }
        if (!event.has(Attributes.TIME)) {
            event.time(now.get());
        }
        return event.build();
    }

    private static void read(EventBuilder event, String header, String value) {
        String attribute = attributeOf(header);
        if (attribute != null && !event.has(attribute)) {
            event.attribute(attribute, value);
        }
    }
}
