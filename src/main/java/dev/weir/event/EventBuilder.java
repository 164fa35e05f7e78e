package dev.weir.event;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects the attributes of one {@link Event}; everything is checked once, in {@link #build()}. Belongs to one thread. */
public final class EventBuilder {
    private @Nullable String id;
    private @Nullable String source;
    private @Nullable String type;
    private @Nullable String subject;
    private @Nullable Instant time;
    private @Nullable String datacontenttype;
    private @Nullable String dataschema;
    private @Nullable Object data;
    private Map<String, String> extensions = Extensions.EMPTY;

    EventBuilder() {}

    EventBuilder(Event event) {
        id = event.id();
        source = event.source();
        type = event.type();
        subject = event.subject();
        time = event.time();
        datacontenttype = event.datacontenttype();
        dataschema = event.dataschema();
        data = event.data();
        extensions = event.extensions();
    }

    /** Sets the id. */
    public EventBuilder id(String value) {
        id = value;
        return this;
    }

    /** Sets the source. */
    public EventBuilder source(String value) {
        source = value;
        return this;
    }

    /** Sets the type. */
    public EventBuilder type(String value) {
        type = value;
        return this;
    }

    /** Sets the subject, or none. */
    public EventBuilder subject(@Nullable String value) {
        subject = value;
        return this;
    }

    /** Sets the time. */
    public EventBuilder time(Instant value) {
        time = value;
        return this;
    }

    /** Sets the media type of the data, or none. */
    public EventBuilder datacontenttype(@Nullable String value) {
        datacontenttype = value;
        return this;
    }

    /** Sets the schema of the data, or none. */
    public EventBuilder dataschema(@Nullable String value) {
        dataschema = value;
        return this;
    }

    /** Sets the data without copying it: nobody may change it any more. */
    public EventBuilder data(@Nullable Object value) {
        data = value;
        return this;
    }

    /** Sets a copy of the data: the caller may go on changing the original. */
    public EventBuilder dataCopy(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return data(object.copy());
        }
        if (value instanceof JsonArray array) {
            return data(array.copy());
        }
        return data(value instanceof Buffer bytes ? bytes.copy() : value);
    }

    /** Adds or replaces an extension; null removes it. */
    public EventBuilder extension(String name, @Nullable String value) {
        if (extensions instanceof Extensions) {
            extensions = new TreeMap<>(extensions);
        }
        if (value == null) {
            extensions.remove(name);
        } else {
            extensions.put(name, value);
        }
        return this;
    }

    /**
     * Sets any attribute from its text form.
     *
     * @throws InvalidEventException when the time or the version cannot be read
     */
    EventBuilder attribute(String name, String value) {
        return switch (name) {
            case Attributes.ID -> id(value);
            case Attributes.SOURCE -> source(value);
            case Attributes.TYPE -> type(value);
            case Attributes.SUBJECT -> subject(value);
            case Attributes.TIME -> time(Rfc3339.parse(value));
            case Attributes.DATA_CONTENT_TYPE -> datacontenttype(value);
            case Attributes.DATA_SCHEMA -> dataschema(value);
            case Attributes.SPEC_VERSION -> specversion(value);
            default -> extension(name, value);
        };
    }

    private EventBuilder specversion(String value) {
        Attributes.version(value);
        return this;
    }

    /** Whether an attribute has a value already. The version is never remembered. */
    boolean has(String name) {
        return switch (name) {
            case Attributes.ID -> id != null;
            case Attributes.SOURCE -> source != null;
            case Attributes.TYPE -> type != null;
            case Attributes.SUBJECT -> subject != null;
            case Attributes.TIME -> time != null;
            case Attributes.DATA_CONTENT_TYPE -> datacontenttype != null;
            case Attributes.DATA_SCHEMA -> dataschema != null;
            default -> extensions.containsKey(name);
        };
    }

    /**
     * The event.
     *
     * @throws InvalidEventException when an attribute is missing or breaks CloudEvents 1.0
     */
    public Event build() {
        return new Event(
                Attributes.required(Attributes.ID, id),
                Attributes.required(Attributes.SOURCE, source),
                type == null ? Attributes.DEFAULT_TYPE : type,
                subject,
                Attributes.time(time),
                datacontenttype,
                dataschema,
                data,
                extensions);
    }
}
