package dev.weir.source;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A kind of source. From it come the check of its options, the reference page and the editors' schema.
 *
 * @param name as in {@code - timer: {...}}
 * @param summary one sentence
 * @param emits type and data of its events, in Markdown
 * @param delivery what is promised of its events, one or two sentences
 * @param options its options besides {@code to}
 * @param example YAML a user could write
 * @param make makes one from its options; relative files resolve against the path
 */
public record SourceType(
        String name,
        String summary,
        String emits,
        String delivery,
        List<SourceOption> options,
        String example,
        BiFunction<Options, Path, Source> make) {
    /** Copies what it is given. */
    public SourceType {
        options = List.copyOf(options);
    }
}
