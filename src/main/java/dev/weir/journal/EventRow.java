package dev.weir.journal;

import dev.weir.bus.QuickJson;
import dev.weir.bus.Wire;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as engines store it: the attributes that operators ask for by name, the other headers as one JSON object, the data
 * as bytes. Immutable.
 *
 * @param authId who published it, null when nobody signed in did
 * @param ownId whether the producer chose the id
 * @param headers the other headers as a JSON object, null when there is none
 * @param kind what the data is
 * @param data null when {@link #kind} is {@link #NOTHING}
 */
@SuppressWarnings("ArrayRecordComponent") // Rows are never compared; the array is written once.
public record EventRow(
        @Nullable String id,
        @Nullable String source,
        @Nullable String type,
        @Nullable String subject,
        @Nullable String time,
        @Nullable String authId,
        boolean ownId,
        @Nullable String headers,
        int kind,
        byte @Nullable [] data) {
    /** No data. */
    public static final int NOTHING = 0;

    /** A JSON value in UTF-8. */
    public static final int JSON = 1;

    /** Any bytes. */
    public static final int BYTES = 2;

    /** How long an id or a subject may be: a third of a page of an index of PostgreSQL has to hold it. */
    public static final int MOST_NAME_BYTES = 2_000;

    private static final int MOST_BYTES_OF_CHAR = 3;
    private static final String AUTH_ID = EventHeaders.PREFIX + "authid";
    private static final String[] COLUMNS = {
        EventHeaders.ID, EventHeaders.SOURCE, EventHeaders.TYPE, EventHeaders.SUBJECT, EventHeaders.TIME, AUTH_ID
    };
    private static final int ROW_OVERHEAD = 64;

    /**
     * The row of an event.
     *
     * @throws IllegalArgumentException when the body is neither JSON nor bytes, an attribute has U+0000, or id or subject has
     *     more than {@link #MOST_NAME_BYTES} in UTF-8
     */
    public static EventRow of(MultiMap headers, @Nullable Object body, boolean ownId) {
        @Nullable String[] columns = new String[COLUMNS.length];
        HeaderText others = new HeaderText(headers);
        // One pass: a look-up of each name costs more than all of it.
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            int column = column(name);
            if (column >= 0) {
                columns[column] = columns[column] == null ? checked(name, header.getValue()) : columns[column];
            } else if (!name.regionMatches(true, 0, Wire.PREFIX, 0, Wire.PREFIX.length())) {
                others.add(name, header.getValue());
            }
        }
        int kind = body == null ? NOTHING : body instanceof Buffer ? BYTES : JSON;
        return new EventRow(
                columns[0],
                columns[1],
                columns[2],
                columns[3],
                columns[4],
                columns[5],
                ownId,
                others.finish(),
                kind,
                bytes(body));
    }

    /**
     * Whether an event can be kept, as far as that can be said without writing its data down.
     *
     * @throws IllegalArgumentException when it cannot, as {@link #of} says
     */
    public static void check(MultiMap headers, @Nullable Object body) {
        for (Map.Entry<String, String> header : headers) {
            if (column(header.getKey()) >= 0) {
                checked(header.getKey(), header.getValue());
            }
        }
        if (body != null && !(body instanceof Buffer) && !isJson(body)) {
            bytes(body);
        }
    }

    private static boolean isJson(Object body) {
        return body instanceof JsonObject
                || body instanceof JsonArray
                || body instanceof String
                || body instanceof Number
                || body instanceof Boolean;
    }

    private static int column(String name) {
        int length = name.length();
        for (int i = 0; i < COLUMNS.length; i++) {
            if (length == COLUMNS[i].length() && name.equalsIgnoreCase(COLUMNS[i])) {
                return i;
            }
        }
        return -1;
    }

    private static String checked(String column, String value) {
        if (value.indexOf(0) >= 0) {
            // PostgreSQL's text has no such character, and would refuse the events of others in the same transaction.
            throw new IllegalArgumentException("the header " + column + " has the character U+0000; remove it");
        }
        if (value.length() > MOST_NAME_BYTES / MOST_BYTES_OF_CHAR
                && (column.equalsIgnoreCase(EventHeaders.ID) || column.equalsIgnoreCase(EventHeaders.SUBJECT))
                && value.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
            throw new IllegalArgumentException("the header " + column + " has more than " + MOST_NAME_BYTES
                    + " bytes; where events are kept it may not be longer");
        }
        return value;
    }

    /** The same event with other data, a JSON value or bytes. */
    public EventRow withData(@Nullable Object body) {
        int changed = body == null ? NOTHING : body instanceof Buffer ? BYTES : JSON;
        boolean alike = changed == kind && body instanceof String == body() instanceof String;
        return new EventRow(
                id,
                source,
                type,
                subject,
                time,
                authId,
                ownId,
                alike ? headers : withoutContentType(headers),
                changed,
                bytes(body));
    }

    /** A content type is one of text or bytes; that of JSON need not be said. */
    private static @Nullable String withoutContentType(@Nullable String headers) {
        if (headers == null) {
            return null;
        }
        JsonObject json = new JsonObject(headers);
        json.fieldNames().removeIf(name -> name.equalsIgnoreCase(EventHeaders.DATACONTENTTYPE));
        return json.isEmpty() ? null : json.encode();
    }

    private static byte @Nullable [] bytes(@Nullable Object body) {
        if (body == null) {
            return null;
        }
        if (body instanceof Buffer buffer) {
            return buffer.getBytes();
        }
        try {
            return QuickJson.encode(body);
        } catch (EncodeException notJson) {
            throw new IllegalArgumentException("the data is neither JSON nor bytes but " + body.getClass(), notJson);
        }
    }

    /** The headers as they are on the bus, without those the journal adds. */
    public MultiMap busHeaders() {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        add(map, EventHeaders.ID, id);
        add(map, EventHeaders.SOURCE, source);
        add(map, EventHeaders.TYPE, type);
        add(map, EventHeaders.SUBJECT, subject);
        add(map, EventHeaders.TIME, time);
        add(map, AUTH_ID, authId);
        if (headers != null) {
            HeaderText.read(headers, map);
        }
        return map;
    }

    private static void add(MultiMap map, String name, @Nullable String value) {
        if (value != null) {
            map.add(name, value);
        }
    }

    /** The data as it is on the bus. */
    public @Nullable Object body() {
        if (data == null) {
            return null;
        }
        return kind == BYTES ? Buffer.buffer(data) : Json.decodeValue(Buffer.buffer(data));
    }

    /** The data as JSON text in UTF-8; null when it is none. Nobody may change it. */
    public byte @Nullable [] json() {
        return kind == JSON ? data : null;
    }

    /** Roughly how many bytes it takes in memory and on disk. */
    public int size() {
        int size = ROW_OVERHEAD + (data == null ? 0 : data.length);
        return size + length(id) + length(source) + length(type) + length(subject) + length(headers);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** What names the event to a producer that sends it again: who, source, id. */
    public byte[] identity() {
        return (authId + "\u0000" + source + "\u0000" + id).getBytes(StandardCharsets.UTF_8);
    }
}
