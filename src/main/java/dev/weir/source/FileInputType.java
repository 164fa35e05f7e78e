package dev.weir.source;

import dev.weir.source.file.FileSet;
import dev.weir.source.file.Layout;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What may be written of a {@code file} input, and what cannot go together. */
final class FileInputType {
    private static final String AUTO = "auto";

    static final SourceType TYPE = new SourceType(
            "file",
            "Reads a file, or several in the order of their names, one event a record, however large they are.",
            "`record` (`line` for lines), data the record: the JSON value, `{column: value}` for CSV, `{line, file}` for lines",
            "Each record once and in order. A record that cannot be read is reported with file and line and left out, as is one above"
                    + " 1 MiB. A flow goes on behind the last record it settled; a file that was replaced or shortened"
                    + " (its inode or first 4 KiB differ) is read from its beginning, which the log says",
            options(),
            "file: {file: data/orders.csv, type: order, key: customer, to: orders}",
            FileInputType::make);

    private FileInputType() {}

    private static List<SourceOption> options() {
        return List.of(
                SourceOption.required(
                        "file",
                        "The file; `*` and `?` in its last part stand for several, read in the order of their names."),
                SourceOption.choice(
                        "format",
                        List.of(AUTO, "ndjson", "csv", "json", "lines"),
                        "What it is made of; `json` is one array whose elements are the records. By its name without `.gz`:"
                                + " `.ndjson` and `.jsonl`, `.csv` and `.tsv`, `.json`, else lines."),
                SourceOption.choice("compression", List.of(AUTO, "none", "gzip"), "By its name: `.gz` is gzip."),
                SourceOption.text("type", null, "The type of its events."),
                SourceOption.text("key", null, "The column or field that is the events' subject."),
                SourceOption.flag(
                        "follow",
                        false,
                        "Whether to wait for more at the end, and for a file that is not there yet; a file that is replaced"
                                + " (rotation) or shortened is read from its beginning, of several the next."),
                SourceOption.duration("every", "250ms", "How often a followed file is looked at."),
                SourceOption.flag("repeat", false, "Whether to begin again at the end."),
                SourceOption.text(
                        "time",
                        null,
                        "The column or field that says when a record happened: the file is played by it. As in"
                                + " `2026-01-31 12:00:00` (UTC), RFC 3339, seconds or milliseconds since 1970."),
                SourceOption.number(
                        "speed", "1", "How many times as fast as it happened a file with `time` is played."),
                SourceOption.flag("header", true, "Whether the first record of CSV names the columns."),
                SourceOption.texts("columns", "The columns of CSV without header; else they are `c1`, `c2` and so on."),
                SourceOption.text(
                        "delimiter",
                        null,
                        "Between the fields of CSV: one character or `tab`. A comma; in `.tsv` a tab."),
                SourceOption.choice(
                        "values",
                        List.of("numbers", "text"),
                        "Whether fields of CSV that look like numbers in JSON are numbers and empty ones null, or all are text."));
    }

    private static Source make(Options options, Path home) {
        FileSet files = FileSet.of(home.resolve(options.text("file")));
        Layout layout = new Layout(
                format(options.choice("format")),
                gzip(options.choice("compression")),
                options.flag("header"),
                options.texts("columns"),
                delimiter(options),
                options.choice("values").equals("numbers"),
                optional(options, "key"),
                optional(options, "time"));
        check(options, layout, files.path());
        double speed = layout.time() == null ? 0 : options.number("speed");
        return new FileInput(new FileInput.Plan(
                files,
                layout,
                options.flag("follow"),
                options.flag("repeat"),
                options.duration("every"),
                optional(options, "type"),
                speed));
    }

    private static Layout.@Nullable Format format(String word) {
        return word.equals(AUTO) ? null : Layout.Format.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static @Nullable Boolean gzip(String word) {
        return word.equals(AUTO) ? null : (Boolean) word.equals("gzip");
    }

    private static @Nullable String optional(Options options, String name) {
        return options.has(name) ? options.text(name) : null;
    }

    private static @Nullable Character delimiter(Options options) {
        if (!options.has("delimiter")) {
            return null;
        }
        String text = options.raw("delimiter");
        if (text.equals("tab")) {
            return '\t';
        }
        if (text.length() != 1 || text.charAt(0) > 126 || "\"\r\n".contains(text)) {
            options.wrong(
                    "delimiter",
                    "'" + text + "' is no single ASCII character",
                    "write it as in delimiter: \";\", or tab");
            return null;
        }
        return text.charAt(0);
    }

    private static void check(Options options, Layout layout, Path file) {
        Layout.Format format = layout.format(file);
        if (options.flag("follow") && (layout.isGzip(file) || format == Layout.Format.JSON)) {
            options.wrong(
                    "follow", "neither gzip nor a JSON array can grow", "remove it, or write lines of JSON (ndjson)");
        }
        if (options.flag("follow") && options.flag("repeat")) {
            options.wrong("repeat", "a followed file has no end", "remove follow or repeat");
        }
        if (options.has("speed") && !options.has("time")) {
            options.wrong("speed", "it needs to know when records happened", "add time: COLUMN");
        }
        for (String name : List.of("key", "time")) {
            if (options.has(name) && format == Layout.Format.LINES) {
                options.wrong(name, "a line has no fields", "write the format if the file is not made of plain lines");
            }
        }
        for (String name : List.of("header", "columns", "delimiter", "values")) {
            if (options.has(name) && format != Layout.Format.CSV) {
                options.wrong(name, "only CSV has it", "remove it, or add format: csv");
            }
        }
        if (!options.texts("columns").isEmpty() && options.flag("header")) {
            options.wrong("columns", "the header names the columns", "remove it, or add header: false");
        }
    }
}
