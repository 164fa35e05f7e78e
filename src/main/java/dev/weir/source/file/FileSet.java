package dev.weir.source.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One file, or all of a folder whose names match, in the order of their names.
 *
 * @param path as it was written
 * @param pattern of names, null for one file
 */
public record FileSet(Path path, @Nullable Pattern pattern) {
    /** The file, or the files where the last part has {@code *} or {@code ?}. */
    public static FileSet of(Path path) {
        String name = String.valueOf(path.getFileName());
        if (name.indexOf('*') < 0 && name.indexOf('?') < 0) {
            return new FileSet(path, null);
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return new FileSet(path, Pattern.compile(regex.toString()));
    }

    /** Whether there may be several. */
    public boolean isMany() {
        return pattern != null;
    }

    /**
     * The first file behind another.
     *
     * @param name a file's name, null for the first of all
     * @param inclusive whether that file itself may be it
     */
    @Nullable
    Path behind(@Nullable String name, boolean inclusive) throws IOException {
        Pattern wanted = pattern;
        if (wanted == null) {
            return name == null || inclusive ? path : null;
        }
        Path folder = path.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(folder == null ? path : folder)) {
            List<Path> sorted = files.filter(
                            file -> wanted.matcher(nameOf(file)).matches() && !Files.isDirectory(file))
                    .filter(file -> name == null || nameOf(file).compareTo(name) >= (inclusive ? 0 : 1))
                    .sorted((a, b) -> nameOf(a).compareTo(nameOf(b)))
                    .toList();
            return sorted.isEmpty() ? null : sorted.get(0);
        }
    }

    static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }
}
