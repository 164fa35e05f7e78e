package dev.weir.flow;

import dev.weir.bus.Wire;
import dev.weir.event.Attributes;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.expression.Fields;
import dev.weir.expression.Scope;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way through a flow: its data as the stages made it, over the attributes with which it came. Immutable, and so is
 * its data by agreement: a stage that changes data makes another value. It is the variable {@code event} of expressions.
 */
public final class FlowEvent implements Scope, Fields {
    private static final List<String> NAMES =
            List.of("data", "id", "source", "type", "subject", "key", "time", "address");

    private final Arrival arrival;
    private final @Nullable Object data;
    private final @Nullable String type;
    private final @Nullable String key;

    private FlowEvent(Arrival arrival, @Nullable Object data, @Nullable String type, @Nullable String key) {
        this.arrival = arrival;
        this.data = data;
        this.type = type;
        this.key = key;
    }

    /** An event as it came. */
    public static FlowEvent of(Arrival arrival, @Nullable Object data) {
        return new FlowEvent(arrival, data, null, null);
    }

    /** How it came. */
    public Arrival arrival() {
        return arrival;
    }

    /** Its data: null, a JSON value or bytes. Not to be changed. */
    public @Nullable Object data() {
        return data;
    }

    /** The same with other data. */
    public FlowEvent withData(@Nullable Object other) {
        return new FlowEvent(arrival, other, type, key);
    }

    /** The same of another type. */
    public FlowEvent withType(String other) {
        return new FlowEvent(arrival, data, other, key);
    }

    /** The same with another key; without one when it is empty. */
    public FlowEvent withKey(String other) {
        return new FlowEvent(arrival, data, type, other);
    }

    /**
     * The same with another extension attribute, or another value of it; what is emitted has it too.
     *
     * @param name lower-case letters and digits
     */
    public FlowEvent withAttribute(String name, String value) {
        return new FlowEvent(arrival.with(EventHeaders.headerOf(name), value), data, type, key);
    }

    FlowEvent in(int partition) {
        return partition == arrival.partition() ? this : new FlowEvent(arrival.in(partition), data, type, key);
    }

    /** The event name; {@code message} when its producer gave none. */
    public String type() {
        return type != null ? type : Objects.requireNonNullElse(arrival.type(), EventHeaders.DEFAULT_TYPE);
    }

    /** Its key, null when it has none. */
    public @Nullable String key() {
        if (key != null) {
            return key.isEmpty() ? null : key;
        }
        return arrival.key();
    }

    /** The id of the event that came in. */
    public @Nullable String id() {
        return arrival.id();
    }

    @Override
    public @Nullable Object variable(int slot) {
        return this;
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "data" -> data;
            case "type" -> type();
            case "key", "subject" -> key();
            case "address" -> arrival.input();
            case "time" -> time();
            default -> arrival.attribute(name);
        };
    }

    private @Nullable Object time() {
        String text = arrival.headers().get(EventHeaders.TIME);
        try {
            return text == null ? null : EventHeaders.parseTime(text);
        } catch (InvalidEventException badTime) {
            throw new StageException("event.time is '" + text + "', which is no time", badTime);
        }
    }

    @Override
    public boolean has(String name) {
        return field(name) != null;
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(NAMES);
        for (Map.Entry<String, String> header : arrival.headers()) {
            String attribute = EventHeaders.attributeOf(header.getKey());
            if (attribute != null && !names.contains(attribute)) {
                names.add(attribute);
            }
        }
        return names;
    }

    /** The headers of what this event is emitted as: a new event, caused by the one that came in. */
    public MultiMap emission() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (!arrival.isBare()) {
            Lineage.pass(arrival.headers(), headers);
        }
        headers.set(EventHeaders.TYPE, type());
        String own = key();
        if (own != null && !own.isEmpty()) {
            headers.set(EventHeaders.SUBJECT, own);
        }
        return headers;
    }

    /** The headers with which it waits at a stage: those it came with, its type, its key and where it came from. */
    MultiMap waiting() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(arrival.headers());
        headers.set(EventHeaders.TYPE, type());
        if (arrival.place() == null) {
            headers.set(Wire.ADDRESS, arrival.input());
        }
        String own = key();
        return own == null || own.isEmpty()
                ? headers.remove(EventHeaders.SUBJECT)
                : headers.set(EventHeaders.SUBJECT, own);
    }

    /** Whether it is of a log, with the type and the key that it has there; so it can be kept again. */
    boolean isAsKept() {
        return type == null && key == null && arrival.place() != null && arrival.id() != null;
    }

    @Override
    public String toString() {
        return type() + " " + id() + " from " + arrival.input() + " (" + Attributes.DATA + ": " + data + ")";
    }
}
