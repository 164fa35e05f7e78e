package dev.weir.flow.sink;

import dev.weir.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The files to which a target writes; those it did not write to for longest are closed beyond a bound. Blocking, one thread at a time. */
final class OpenFiles {
    private static final int MOST = 64;

    /** Lines by file, in their order. */
    static final class Lines {
        private final Map<Path, List<byte[]>> byFile = new LinkedHashMap<>();

        void add(Path file, byte[] line) {
            byFile.computeIfAbsent(file, first -> new ArrayList<>()).add(line);
        }
    }

    private final RotatingFile.Rotation rotation;
    private final byte @Nullable [] header;
    private final Clock clock;
    private final Consumer<Path> compress;
    private final Map<Path, RotatingFile> open = new LinkedHashMap<>(16, 0.75f, true);

    OpenFiles(RotatingFile.Rotation rotation, @Nullable String header, Clock clock, Consumer<Path> compress) {
        this.compress = compress;
        this.rotation = rotation;
        this.header = header == null ? null : LineFormat.bytes(header);
        this.clock = clock;
    }

    /** Writes what can be written; says what became of the lines of each file. */
    Map<Path, RotatingFile.Appended> append(Lines lines) throws IOException {
        Map<Path, RotatingFile.Appended> done = new HashMap<>();
        for (Map.Entry<Path, List<byte[]>> each : lines.byFile.entrySet()) {
            RotatingFile file = open.computeIfAbsent(
                    each.getKey(), path -> new RotatingFile(path, rotation, header, clock, compress));
            done.put(each.getKey(), file.append(each.getValue()));
            closeEldest();
        }
        return done;
    }

    private void closeEldest() throws IOException {
        Iterator<RotatingFile> eldest = open.values().iterator();
        while (open.size() > MOST) {
            RotatingFile file = eldest.next();
            eldest.remove();
            file.close();
        }
    }

    void close() throws IOException {
        for (RotatingFile file : open.values()) {
            file.close();
        }
        open.clear();
    }
}
