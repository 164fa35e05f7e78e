package dev.weir.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files a configuration names, with a problem for each way in which one cannot be read. Blocking: only while starting or on a worker. */
final class ConfigFiles {
    private ConfigFiles() {}

    /** The text of a file, or null with a problem. */
    static @Nullable String read(Path file, Location at, Problems problems) {
        if (!readable(file, at, problems)) {
            return null;
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            problems.add(at, file + " is not UTF-8 text", "save it as UTF-8");
        } catch (IOException e) {
            problems.add(at, file + " cannot be read: " + e.getMessage(), "");
        }
        return null;
    }

    /** True when the file is there and may be read; else there is a problem. */
    static boolean readable(Path file, Location at, Problems problems) {
        if (!Files.exists(file)) {
            problems.add(at, file + " does not exist", "write it, or correct the name");
        } else if (Files.isDirectory(file)) {
            problems.add(at, file + " is a folder, expected a file", "name a file in it");
        } else if (!Files.isReadable(file)) {
            problems.add(at, file + " may not be read", "give the user of this process read permission");
        } else {
            return true;
        }
        return false;
    }
}
