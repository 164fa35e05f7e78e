package dev.weir.event;

import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads one event in JSON. Belongs to one thread, for one event. */
final class JsonEventReader {
    private static final String BASE64 = "data_base64";

    private final JsonInput in;
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private @Nullable Object data;
    private int bytes;
    private @Nullable String dataMember;
    private boolean versioned;

    private JsonEventReader(JsonInput in) {
        this.in = in;
    }

    /**
     * Reads the event that begins at the current token.
     *
     * @throws InvalidEventException when it is none
     */
    static Incoming read(JsonInput in) throws IOException {
        if (in.token() != JsonToken.START_OBJECT) {
            throw new InvalidEventException(
                    "body",
                    "an event is a JSON object, as in {\"specversion\":\"1.0\",\"type\":\"greeting\",\"data\":1}");
        }
        return new JsonEventReader(in).event();
    }

    private Incoming event() throws IOException {
        while (in.next() == JsonToken.FIELD_NAME) {
            String name = in.text();
            JsonToken token = in.next();
            if (token != JsonToken.VALUE_NULL) {
                member(name, token);
            }
        }
        if (!versioned) {
            throw new InvalidEventException(
                    Attributes.SPEC_VERSION, "'specversion' is missing; write \"specversion\":\"1.0\"");
        }
        Attributes.required(Attributes.TYPE, headers.get(EventHeaders.TYPE));
        return new Incoming(headers, data, bytes);
    }

    private void member(String name, JsonToken token) throws IOException {
        switch (name) {
            case Attributes.DATA -> data(name);
            case BASE64 -> bytes(name, token);
            case Attributes.SPEC_VERSION -> version(token);
            default -> EventHeaders.accept(headers, name, attribute(name, token));
        }
    }

    private void version(JsonToken token) throws IOException {
        if (versioned) {
            throw new InvalidEventException(Attributes.SPEC_VERSION, "'specversion' is given twice; give it once");
        }
        Attributes.version(attribute(Attributes.SPEC_VERSION, token));
        versioned = true;
    }

    private void data(String name) throws IOException {
        once(name);
        long start = in.start();
        data = in.data();
        bytes = (int) (in.end() - start);
    }

    private void bytes(String name, JsonToken token) throws IOException {
        once(name);
        try {
            if (token == JsonToken.VALUE_STRING) {
                byte[] decoded = Base64.getDecoder().decode(in.text());
                data = Buffer.buffer(decoded);
                bytes = decoded.length;
                return;
            }
        } catch (IllegalArgumentException notBase64) {
            // Answered like any other value that is no base64.
        }
        throw new InvalidEventException(
                name, "'data_base64' is not base64 (RFC 4648, section 4); write it as a string");
    }

    private void once(String name) {
        if (dataMember != null) {
            throw new InvalidEventException(
                    name, "'" + name + "' comes after '" + dataMember + "'; an event has data or data_base64, once");
        }
        dataMember = name;
    }

    /** The text form of an attribute's value: CloudEvents has strings, booleans and 32-bit integers. */
    private String attribute(String name, JsonToken token) throws IOException {
        String text = in.text();
        boolean typed = token.isBoolean() || (token == JsonToken.VALUE_NUMBER_INT && isInteger(text));
        boolean allowed = token == JsonToken.VALUE_STRING || (typed && !Attributes.isCore(name));
        if (!allowed) {
            throw Attributes.wrongType(name);
        }
        return text.equals("-0") && token == JsonToken.VALUE_NUMBER_INT ? "0" : text;
    }

    private static boolean isInteger(String digits) {
        if (digits.length() > "-2147483648".length()) {
            return false;
        }
        long value = Long.parseLong(digits);
        return value == (int) value;
    }
}
