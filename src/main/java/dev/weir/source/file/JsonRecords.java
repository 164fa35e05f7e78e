package dev.weir.source.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values, strictly RFC 8259 in UTF-8, as deep as events may be. Whole numbers have 64 bits at most, as in events. */
final class JsonRecords implements RecordParser {
    private static final int MAX_DEPTH = 200;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    @Override
    public @Nullable Object parse(byte[] bytes, int from, int to) throws BadRecordException {
        try (JsonParser parser = FACTORY.createParser(bytes, from, to - from)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return NOTHING;
            }
            Object value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new BadRecordException("no JSON: something follows the value" + column(parser));
            }
            return value;
        } catch (JsonProcessingException wrong) {
            throw new BadRecordException("no JSON: " + wrong.getOriginalMessage() + column(wrong));
        } catch (IOException e) {
            throw new UncheckedIOException("memory never fails to be read", e);
        }
    }

    private static String column(JsonParser parser) {
        return " (column " + parser.currentTokenLocation().getColumnNr() + ")";
    }

    private static String column(JsonProcessingException wrong) {
        return wrong.getLocation() == null
                ? ""
                : " (column " + wrong.getLocation().getColumnNr() + ")";
    }

    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token)
            throws IOException, BadRecordException {
        if (token == null) {
            throw new BadRecordException("no JSON: it ends too early");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new BadRecordException("no JSON: a value is missing" + column(parser));
        };
    }

    private static JsonObject object(JsonParser parser) throws IOException, BadRecordException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        String name = parser.nextFieldName();
        while (name != null) {
            fields.put(name, value(parser, parser.nextToken()));
            name = parser.nextFieldName();
        }
        return new JsonObject(fields);
    }

    private static JsonArray array(JsonParser parser) throws IOException, BadRecordException {
        JsonArray array = new JsonArray();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            array.add(value(parser, token));
            token = parser.nextToken();
        }
        return array;
    }

    private static Number whole(JsonParser parser) throws IOException, BadRecordException {
        return switch (parser.getNumberType()) {
            case INT -> parser.getIntValue();
            case LONG -> parser.getLongValue();
            default ->
                throw new BadRecordException(
                        "the number " + parser.getText() + " has more than 64 bits; write it as a string");
        };
    }

    private static Double decimal(JsonParser parser) throws IOException, BadRecordException {
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw new BadRecordException("the number " + parser.getText() + " is too large; write it as a string");
        }
        return value;
    }
}
