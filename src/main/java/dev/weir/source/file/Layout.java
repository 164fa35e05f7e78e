package dev.weir.source.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How files are written, as far as their names do not say it.
 *
 * @param format null when the name says it
 * @param gzip null when the name says it
 * @param header whether the first record of a CSV file names its columns
 * @param columns the columns of a CSV file without header, empty for {@code c1}, {@code c2} and so on
 * @param delimiter between the fields of CSV, one ASCII character; null for a comma, in {@code .tsv} a tab
 * @param numbers whether CSV fields that look like numbers are numbers, and empty ones null
 * @param key the field that holds an event's key, null for none
 * @param time the field that holds the time of a record, null when it does not matter
 */
public record Layout(
        @Nullable Format format,
        @Nullable Boolean gzip,
        boolean header,
        List<String> columns,
        @Nullable Character delimiter,
        boolean numbers,
        @Nullable String key,
        @Nullable String time) {
    private static final String GZIP = ".gz";
    private static final String TSV = ".tsv";

    /** What a file is made of. */
    public enum Format {
        NDJSON,
        CSV,
        JSON,
        LINES
    }

    /** Copies what it is given. */
    public Layout {
        columns = List.copyOf(columns);
    }

    /** Nothing but what the names of files say. */
    public static Layout byName() {
        return new Layout(null, null, true, List.of(), null, true, null, null);
    }

    /** The format of a file. */
    public Format format(Path file) {
        if (format != null) {
            return format;
        }
        String name = plainName(file);
        if (name.endsWith(".ndjson") || name.endsWith(".jsonl")) {
            return Format.NDJSON;
        }
        if (name.endsWith(".csv") || name.endsWith(TSV)) {
            return Format.CSV;
        }
        return name.endsWith(".json") ? Format.JSON : Format.LINES;
    }

    /** Whether a file is compressed. */
    public boolean isGzip(Path file) {
        return gzip != null ? gzip : name(file).endsWith(GZIP);
    }

    byte delimiter(Path file) {
        if (delimiter != null) {
            return (byte) delimiter.charValue();
        }
        return (byte) (plainName(file).endsWith(TSV) ? '\t' : ',');
    }

    private static String plainName(Path file) {
        String name = name(file);
        return name.endsWith(GZIP) ? name.substring(0, name.length() - GZIP.length()) : name;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    }
}
