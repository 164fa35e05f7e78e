package dev.weir.event;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvents 1.0 event, the one thing that travels through Weir.
 *
 * <p>Immutable and always valid: what breaks the rules of {@link Attributes} cannot be constructed. Safe to share between
 * threads under one condition: <strong>nobody changes {@link #data} after construction</strong>. The record does not copy it. Who
 * reads data that somebody else may still change copies it once, with {@link EventBuilder#dataCopy}: the emitter, for what
 * the application passes to {@code emit}. Decoders ({@link EventHeaders}, {@link JsonFormat}, {@link HttpBinary}) own what they
 * have parsed, and the event bus copies bodies itself.
 *
 * @param id unique within the source, not empty
 * @param source where the event comes from, a URI-reference, not empty
 * @param type what happened, not empty; {@link Attributes#DEFAULT_TYPE} when the producer named none
 * @param subject what it happened to, the key of the event; absent or not empty
 * @param time when it happened, years 0000 to 9999
 * @param datacontenttype media type of the data; absent means JSON (for a {@link Buffer}: unknown bytes)
 * @param dataschema URI of the schema of the data
 * @param data null, a String, a finite Number, a Boolean, a {@link JsonObject}, a {@link JsonArray}, or a {@link Buffer} for bytes
 * @param extensions extension attributes, iterated in order of their names
 */
public record Event(
        String id,
        String source,
        String type,
        @Nullable String subject,
        Instant time,
        @Nullable String datacontenttype,
        @Nullable String dataschema,
        @Nullable Object data,
        Map<String, String> extensions) {

    /**
     * Checks every attribute and copies the extensions.
     *
     * @throws InvalidEventException when something breaks CloudEvents 1.0
     */
    public Event {
        Attributes.required(Attributes.ID, id);
        Attributes.required(Attributes.SOURCE, source);
        Attributes.required(Attributes.TYPE, type);
        Attributes.optional(Attributes.SUBJECT, subject);
        Attributes.time(time);
        Attributes.optional(Attributes.DATA_CONTENT_TYPE, datacontenttype);
        Attributes.optional(Attributes.DATA_SCHEMA, dataschema);
        checkData(data);
        extensions = Extensions.of(extensions);
    }

    private static void checkData(@Nullable Object data) {
        if (data == null || data instanceof String || data instanceof JsonObject || data instanceof JsonArray) {
            return;
        }
        boolean allowed = data instanceof Boolean
                || data instanceof Buffer
                || (data instanceof Number number && isFinite(number));
        if (!allowed) {
            throw new InvalidEventException(
                    Attributes.DATA,
                    "'data' is a " + data.getClass().getName() + (data instanceof Number ? " that is not finite" : "")
                            + "; use null, a String, Number, Boolean, JsonObject, JsonArray or Buffer");
        }
    }

    private static boolean isFinite(Number number) {
        return !(number instanceof Double || number instanceof Float) || Double.isFinite(number.doubleValue());
    }

    /** The key, by which order is kept and the newest is found: the subject. */
    public @Nullable String key() {
        return subject;
    }

    /** The value of an extension, or null. */
    public @Nullable String extension(String name) {
        return extensions.get(name);
    }

    /** A builder without any attribute but the {@link Attributes#DEFAULT_TYPE default type}. */
    public static EventBuilder builder() {
        return new EventBuilder();
    }

    /** A builder that starts as this event. */
    public EventBuilder toBuilder() {
        return new EventBuilder(this);
    }
}
