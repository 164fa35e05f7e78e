package dev.weir.cli;

import dev.weir.journal.EventRow;
import dev.weir.journal.sql.JournalStore;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines of {@code weir journal export} and {@code import}: one event each, as it is on the bus, with its place. Stateless. */
final class JournalLines {
    private JournalLines() {}

    static JsonObject write(JournalStore.Log log, long offset, long appendedMillis, EventRow event) {
        JsonObject line = new JsonObject()
                .put("address", log.address())
                .put("epoch", log.epoch())
                .put("offset", offset)
                .put("appended", Instant.ofEpochMilli(appendedMillis).toString())
                .put("headers", headers(event.busHeaders()));
        Object body = event.body();
        if (body instanceof Buffer bytes) {
            return line.put("data_base64", Base64.getEncoder().encodeToString(bytes.getBytes()));
        }
        return body == null ? line : line.put("data", body);
    }

    private static JsonObject headers(MultiMap headers) {
        JsonObject json = new JsonObject();
        for (String name : headers.names()) {
            List<String> all = headers.getAll(name);
            json.put(name, all.size() == 1 ? all.get(0) : new JsonArray(all));
        }
        return json;
    }

    static EventRow read(JsonObject line, long number) throws IOException {
        if (!(line.getValue("headers") instanceof JsonObject given)
                || line.getString("address", "").isEmpty()) {
            throw new IOException(
                    "line " + number + " has no address or no headers; lines are those of weir journal export");
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, Object> each : given) {
            if (each.getValue() instanceof JsonArray several) {
                several.forEach(value -> headers.add(each.getKey(), String.valueOf(value)));
            } else {
                headers.add(each.getKey(), String.valueOf(each.getValue()));
            }
        }
        try {
            return EventRow.of(headers, data(line), false);
        } catch (IllegalArgumentException wrong) {
            throw new IOException("line " + number + ": " + wrong.getMessage(), wrong);
        }
    }

    private static @Nullable Object data(JsonObject line) {
        String bytes = line.getString("data_base64");
        return bytes == null
                ? line.getValue("data")
                : Buffer.buffer(Base64.getDecoder().decode(bytes));
    }
}
