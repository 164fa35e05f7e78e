package dev.weir.event;

import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON format of CloudEvents 1.0: one event, or a batch of them. Members with the value null are as good as absent. Pure
 * functions.
 */
public final class JsonFormat {
    /** The media type of one event. */
    public static final String MEDIA_TYPE = "application/cloudevents+json";

    /** The media type of a batch. */
    public static final String BATCH_MEDIA_TYPE = "application/cloudevents-batch+json";

    private JsonFormat() {}

    /**
     * Reads one event; id, source and time may be absent.
     *
     * @throws InvalidEventException when the text is not JSON or no event
     */
    public static Incoming decode(Buffer text) {
        return JsonInput.document("body", text, JsonEventReader::read);
    }

    /**
     * Reads a batch, which may be empty.
     *
     * @throws InvalidEventException when the text is not JSON or no batch; its attribute begins with the index of the event
     */
    public static List<Incoming> decodeBatch(Buffer text) {
        return JsonInput.document("body", text, JsonFormat::batch);
    }

    private static List<Incoming> batch(JsonInput in) throws IOException {
        if (in.token() != JsonToken.START_ARRAY) {
            throw new InvalidEventException("body", "a batch is a JSON array of events; one event has " + MEDIA_TYPE);
        }
        List<Incoming> events = new ArrayList<>();
        while (in.next() != JsonToken.END_ARRAY) {
            try {
                events.add(JsonEventReader.read(in));
            } catch (InvalidEventException bad) {
                throw bad.at(events.size());
            }
        }
        return events;
    }

    /**
     * Reads the data of an event that comes without any attributes: one JSON value.
     *
     * @throws InvalidEventException when the text is not JSON, or a number of more than 64 bits
     */
    public static @Nullable Object decodeData(Buffer text) {
        return JsonInput.document(Attributes.DATA, text, in -> Optional.ofNullable(in.data()))
                .orElse(null);
    }

    /** Writes one event. */
    public static Buffer encode(Event event) {
        return json(event).toBuffer();
    }

    /** Writes a batch. */
    public static Buffer encodeBatch(List<Event> events) {
        JsonArray batch = new JsonArray();
        events.forEach(event -> batch.add(json(event)));
        return batch.toBuffer();
    }

    private static JsonObject json(Event event) {
        JsonObject json = new JsonObject()
                .put(Attributes.SPEC_VERSION, Attributes.SPEC_VERSION_1_0)
                .put(Attributes.ID, event.id())
                .put(Attributes.SOURCE, event.source())
                .put(Attributes.TYPE, event.type());
        put(json, Attributes.SUBJECT, event.subject());
        json.put(Attributes.TIME, EventHeaders.formatTime(event.time()));
        put(json, Attributes.DATA_CONTENT_TYPE, event.datacontenttype());
        put(json, Attributes.DATA_SCHEMA, event.dataschema());
        event.extensions().forEach(json::put);
        if (event.data() instanceof Buffer bytes) {
            return json.put("data_base64", Base64.getEncoder().encodeToString(bytes.getBytes()));
        }
        put(json, Attributes.DATA, event.data());
        return json;
    }

    private static void put(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
