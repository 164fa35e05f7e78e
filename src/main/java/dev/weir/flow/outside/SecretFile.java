package dev.weir.flow.outside;

import dev.weir.flow.StageOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads secrets that are kept in files, when flows are loaded. */
public final class SecretFile {
    private SecretFile() {}

    /** The file's text without the blanks around it; empty after noting a problem, which says nothing of the text. */
    public static String read(StageOptions options, String name, String file) {
        try {
            Path path = options.home().resolve(file);
            String text = Files.readString(path, StandardCharsets.UTF_8).strip();
            if (!text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127)) {
                return text;
            }
            options.wrong(name, file + " holds no secret", "write one line of visible characters into it");
        } catch (IOException | InvalidPathException unreadable) {
            options.wrong(
                    name,
                    file + " cannot be read: " + unreadable.getMessage(),
                    "write the secret into it, readable for Weir");
        }
        return "";
    }
}
