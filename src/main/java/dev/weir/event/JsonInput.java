package dev.weir.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of clients token by token, because a batch must know how many bytes each of its data has. Strictly UTF-8 and RFC
 * 8259, bounded in depth. Belongs to one thread, for one document.
 */
final class JsonInput {
    private static final int MAX_DEPTH = 200;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final Pattern SOURCE = Pattern.compile("\\[Source: [^\\]]*; (line: \\d+, column: \\d+)\\]");
    private static final Pattern HINT = Pattern.compile(": enable `[^`]*` to allow|, from `[^`]*`");

    private final JsonParser parser;

    private JsonInput(JsonParser parser) {
        this.parser = parser;
    }

    /** Reads a document. */
    interface Reader<T> {
        T read(JsonInput in) throws IOException;
    }

    /**
     * Reads a whole document with a reader that starts at its first token.
     *
     * @throws InvalidEventException for {@code where} when the text is not JSON, or something follows
     */
    static <T> T document(String where, Buffer text, Reader<T> reader) {
        try (JsonParser parser = FACTORY.createParser(text.getBytes())) {
            JsonInput in = new JsonInput(parser);
            if (in.next() == JsonToken.NOT_AVAILABLE) {
                throw InvalidEventException.notJson(where, "there is none");
            }
            T value = reader.read(in);
            if (parser.nextToken() != null) {
                throw InvalidEventException.notJson(where, "something follows the value " + in.place());
            }
            return value;
        } catch (JsonProcessingException e) {
            throw InvalidEventException.notJson(where, said(e) + at(e));
        } catch (IOException e) {
            throw new UncheckedIOException("memory never fails to be read", e);
        }
    }

    /** Without what the parser says to programmers: how it is configured, and that it does not show the text. */
    private static String said(JsonProcessingException e) {
        String text = SOURCE.matcher(e.getOriginalMessage()).replaceAll("$1");
        return HINT.matcher(text).replaceAll("");
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }

    private String place() {
        return "at line " + parser.currentTokenLocation().getLineNr() + ", column "
                + parser.currentTokenLocation().getColumnNr();
    }

    /** Goes to the next token and names it. */
    JsonToken next() throws IOException {
        JsonToken token = parser.nextToken();
        return token == null ? JsonToken.NOT_AVAILABLE : token;
    }

    /** The token at which the reader stands. */
    JsonToken token() {
        JsonToken token = parser.currentToken();
        return token == null ? JsonToken.NOT_AVAILABLE : token;
    }

    /** The text of the current name, string or number. */
    String text() throws IOException {
        return parser.getText();
    }

    /** The bytes before the current token. */
    long start() {
        return parser.currentTokenLocation().getByteOffset();
    }

    /** The bytes read so far; the end of a value that was just read. */
    long end() {
        return parser.currentLocation().getByteOffset();
    }

    /** The current value as an event's data: like {@link #value()}, but a whole number must fit into 64 bits. */
    @Nullable
    Object data() throws IOException {
        Object value = value();
        if (value instanceof Number
                && !(value instanceof Integer || value instanceof Long || value instanceof Double)) {
            throw new InvalidEventException(
                    Attributes.DATA, "'data' is a number of more than 64 bits; write it as a string");
        }
        return value;
    }

    /** The current value with all it contains. */
    private @Nullable Object value() throws IOException {
        return switch (token()) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> decimal();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NULL -> null;
            default -> throw new InvalidEventException(Attributes.DATA, "a JSON value is missing " + place());
        };
    }

    private JsonObject object() throws IOException {
        JsonObject object = new JsonObject();
        while (next() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            next();
            object.put(name, value());
        }
        return object;
    }

    private JsonArray array() throws IOException {
        JsonArray array = new JsonArray();
        while (next() != JsonToken.END_ARRAY) {
            array.add(value());
        }
        return array;
    }

    private Double decimal() throws IOException {
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw new InvalidEventException(
                    Attributes.DATA, "the number " + parser.getText() + " is too large; write it as a string");
        }
        return value;
    }
}
