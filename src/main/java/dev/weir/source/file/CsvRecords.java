package dev.weir.source.file;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records of RFC 4180 as objects with the columns in order. A field that only has spaces is text. */
final class CsvRecords implements RecordParser {
    private final byte delimiter;
    private final boolean numbers;
    private boolean awaitsHeader;
    private List<String> columns;

    CsvRecords(byte delimiter, boolean header, List<String> columns, boolean numbers) {
        this.delimiter = delimiter;
        this.numbers = numbers;
        this.awaitsHeader = header;
        this.columns = columns;
    }

    boolean awaitsHeader() {
        return awaitsHeader;
    }

    @Override
    public Object parse(byte[] bytes, int from, int to) throws BadRecordException {
        int end = LineRecords.withoutEnd(bytes, from, to);
        if (end == from) {
            return NOTHING;
        }
        if (awaitsHeader) {
            columns = header(bytes, from, end);
            awaitsHeader = false;
            return NOTHING;
        }
        if (columns.isEmpty()) {
            columns = numbered(fields(bytes, from, end, List.of(), null));
        }
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        int found = fields(bytes, from, end, columns, record);
        if (found != columns.size()) {
            throw new BadRecordException("it has " + found + (found == 1 ? " field" : " fields") + ", expected "
                    + columns.size() + ": " + String.join(", ", columns));
        }
        return new JsonObject(record);
    }

    private List<String> header(byte[] bytes, int from, int end) throws BadRecordException {
        List<String> names = numbered(fields(bytes, from, end, List.of(), null));
        Map<String, @Nullable Object> texts = new LinkedHashMap<>();
        new CsvRecords(delimiter, false, names, false).fields(bytes, from, end, names, texts);
        Set<String> taken = new HashSet<>();
        List<String> unique = new ArrayList<>();
        texts.forEach((number, text) -> {
            String name = String.valueOf(text).isBlank()
                    ? number
                    : String.valueOf(text).strip();
            String free = name;
            for (int n = 2; !taken.add(free); n++) {
                free = name + "_" + n;
            }
            unique.add(free);
        });
        return unique;
    }

    private static List<String> numbered(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add("c" + i);
        }
        return names;
    }

    /**
     * Goes through the fields of a record.
     *
     * @param into gets those that have a name, null when they are only counted
     * @return how many there are
     */
    private int fields(
            byte[] bytes, int from, int end, List<String> names, @Nullable Map<String, @Nullable Object> into)
            throws BadRecordException {
        int count = 0;
        int i = from;
        while (true) {
            boolean quoted = i < end && bytes[i] == '"';
            int stop = quoted ? behindQuotes(bytes, i, end) : next(bytes, i, end);
            if (into != null && count < names.size()) {
                into.put(names.get(count), quoted ? quoted(bytes, i + 1, stop - 1) : value(bytes, i, stop));
            }
            count++;
            if (stop == end) {
                return count;
            }
            i = stop + 1;
        }
    }

    private int next(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] != delimiter) {
            i++;
        }
        return i;
    }

    /** The place behind the quote that closes the field, where a delimiter or the end must be. */
    private int behindQuotes(byte[] bytes, int from, int end) throws BadRecordException {
        int i = from + 1;
        while (i < end) {
            if (bytes[i] != '"') {
                i++;
            } else if (i + 1 < end && bytes[i + 1] == '"') {
                i += 2;
            } else {
                break;
            }
        }
        if (i >= end) {
            throw new BadRecordException("a quoted field is not closed; close it with \"");
        }
        if (i + 1 < end && bytes[i + 1] != delimiter) {
            throw new BadRecordException("'" + (char) bytes[i + 1]
                    + "' follows the closing quote of a field; a quote inside" + " of a quoted field is written twice");
        }
        return i + 1;
    }

    private @Nullable Object quoted(byte[] bytes, int from, int to) {
        if (Bytes.find(bytes, from, to, (byte) '"', (byte) '"') == to) {
            return value(bytes, from, to);
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8).replace("\"\"", "\"");
    }

    private @Nullable Object value(byte[] bytes, int from, int to) {
        if (numbers) {
            if (from == to) {
                return null;
            }
            Number number = Numbers.parse(bytes, from, to);
            if (number != null) {
                return number;
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
