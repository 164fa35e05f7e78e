package dev.weir.flow.sink;

import dev.weir.config.RawValue;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keys;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How an event becomes a line of a file. Immutable.
 *
 * @param data what is written; null for the event's data
 * @param columns of CSV; else empty
 */
record LineFormat(Kind kind, @Nullable Expression data, Map<String, Expression> columns) {
    private static final String FORMAT = "format";
    private static final String COLUMNS = "columns";
    private static final String DATA = "data";

    /** What lines are. */
    enum Kind {
        NDJSON,
        CSV,
        LINES
    }

    static final List<StageOption> OPTIONS = List.of(
            StageOption.choice(
                    FORMAT,
                    List.of("ndjson", "csv", "lines"),
                    "What a line is: the data as JSON, its columns, or the data as text, in which line breaks become blanks."),
            StageOption.optional(
                    DATA, StageOption.Kind.EXPRESSION, "What is written instead of the event's data; not for CSV."),
            StageOption.optional(
                    COLUMNS,
                    StageOption.Kind.EXPRESSIONS,
                    "The columns of CSV: a map of their names to expressions. The names are the first line of each file."));

    static LineFormat of(StageOptions options) {
        Kind kind = Kind.valueOf(options.choice(FORMAT).toUpperCase(Locale.ROOT));
        Map<String, Expression> columns = options.expressions(COLUMNS);
        if ((kind == Kind.CSV) == columns.isEmpty()) {
            options.wrong(
                    COLUMNS,
                    kind == Kind.CSV ? "CSV has columns" : "only CSV has columns",
                    "write it as in format: csv, columns: {origin: event.data.origin}");
        }
        RawValue data = options.raw(DATA);
        if (data != null && kind == Kind.CSV) {
            options.wrong(DATA, "CSV has columns instead", "remove it");
        }
        return new LineFormat(kind, options.optionalExpression(DATA), columns);
    }

    /** The first line of a file, without its end; null when there is none. */
    @Nullable
    String header() {
        return kind == Kind.CSV
                ? columns.keySet().stream().map(LineFormat::field).collect(Collectors.joining(","))
                : null;
    }

    /** What is written of an event, without the line's end. */
    String line(FlowEvent event) {
        if (kind == Kind.CSV) {
            List<String> fields = new ArrayList<>(columns.size());
            columns.values().forEach(column -> fields.add(field(text(column.evaluate(event)))));
            return String.join(",", fields);
        }
        Object value = value(event);
        return kind == Kind.NDJSON ? Json.encode(value) : text(value).replaceAll("\\R", " ");
    }

    /** What is written, as a JSON value. */
    @Nullable
    Object value(FlowEvent event) {
        return Expressions.toJson(data == null ? event.data() : data.evaluate(event));
    }

    private static String text(@Nullable Object value) {
        return value instanceof Buffer bytes ? Base64.getEncoder().encodeToString(bytes.getBytes()) : Keys.of(value);
    }

    /** As RFC 4180 says. */
    private static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    static byte[] bytes(String line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
