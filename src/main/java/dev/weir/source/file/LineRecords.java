package dev.weir.source.file;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** Lines as they are: {@code {line, file}}. */
final class LineRecords implements RecordParser {
    private final String file;

    LineRecords(String file) {
        this.file = file;
    }

    @Override
    public Object parse(byte[] bytes, int from, int to) {
        String line = new String(bytes, from, withoutEnd(bytes, from, to) - from, StandardCharsets.UTF_8);
        return new JsonObject().put("line", line).put("file", file);
    }

    /** Where a record ends when its line end is left out. */
    static int withoutEnd(byte[] bytes, int from, int to) {
        int end = to > from && bytes[to - 1] == '\n' ? to - 1 : to;
        return end > from && bytes[end - 1] == '\r' ? end - 1 : end;
    }
}
