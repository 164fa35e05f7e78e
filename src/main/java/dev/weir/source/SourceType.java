package dev.weir.source;

import java.nio.file.Path;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * A kind of source.
 *
 * @param name as in {@code - timer: {...}}
 * @param summary one sentence
 * @param options names of its options besides {@code to}
 * @param example YAML a user could write
 * @param make makes one from its options; relative files resolve against the path
 */
public record SourceType(
        String name, String summary, Set<String> options, String example, BiFunction<Options, Path, Source> make) {
    /** Copies what it is given. */
    public SourceType {
        options = Set.copyOf(options);
    }
}
