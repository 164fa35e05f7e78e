package dev.weir.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files a configuration names, with a problem for each way in which one cannot be read. Blocking: only while starting or on a worker. */
final class ConfigFiles {
    private static final int MOST_BYTES = 2 << 20;

    private ConfigFiles() {}

    /** The text of a file, or null with a problem. */
    static @Nullable String read(Path file, Location at, Problems problems) {
        if (!readable(file, at, problems)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                problems.add(at, file + " has more than 2MiB", "name another file; this one is no configuration");
                return null;
            }
            return decode(bytes, file, at, problems);
        } catch (IOException e) {
            problems.add(at, file + " cannot be read: " + e.getMessage(), "look at the disk, or name another file");
        }
        return null;
    }

    private static @Nullable String decode(byte[] bytes, Path file, Location at, Problems problems) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        if (!decoder.decode(in, out, true).isError()) {
            return out.flip().toString();
        }
        int line = 1;
        for (int i = 0; i < in.position(); i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        problems.add(
                at.line() == 0 ? new Location(at.file(), line) : at,
                file + " is not UTF-8 text, from line " + line + " on",
                "save it as UTF-8");
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
