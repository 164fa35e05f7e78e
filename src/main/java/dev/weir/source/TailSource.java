package dev.weir.source;

import dev.weir.time.Timers.Timer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a text file from its end: events of type {@code line}. A file that is replaced (rotation) or shortened is read from its
 * beginning; one that is missing is waited for. Bytes of an unfinished line wait for the rest, so characters are never torn.
 */
final class TailSource implements Source {
    static final SourceType TYPE = new SourceType(
            "tail",
            "Follows a text file from its end, one event a line; survives rotation, truncation and a file that comes later.",
            "`line`, data `{line, file}`; a line is cut at 32 KiB",
            "Each complete line once while the node runs; what is written while it is stopped is not read.",
            List.of(
                    SourceOption.required("file", "The file to follow."),
                    SourceOption.duration("every", "250ms", "How often the file is looked at.")),
            "tail: {file: /var/log/dpkg.log, to: log.packages}",
            (options, home) -> new TailSource(home.resolve(options.text("file")), options.duration("every")));

    private static final Logger LOG = LoggerFactory.getLogger(TailSource.class);
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int LONGEST_LINE_BYTES = 32 * 1024;

    private final Path file;
    private final Duration every;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private @Nullable Timer timer;
    private @Nullable Object identity;
    private long position;
    private boolean fromBeginning;
    private boolean missing;
    private boolean reading;

    TailSource(Path file, Duration every) {
        this.file = file;
        this.every = every;
    }

    @Override
    public void start(SourceContext context) {
        timer = context.timers().every(every, () -> poll(context));
    }

    @Override
    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void poll(SourceContext context) {
        if (reading) {
            return;
        }
        reading = true;
        context.blocking(this::read)
                .onSuccess(lines -> lines.forEach(line ->
                        context.emit("line", new JsonObject().put("line", line).put("file", file.toString()))))
                .onFailure(failure -> LOG.warn("{} cannot be read", file, failure))
                .onComplete(done -> reading = false);
    }

    /** Never called twice at once. */
    List<String> read() throws IOException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException gone) {
            if (!missing && identity == null) {
                // It may well be meant to come later.
                LOG.info("{} does not exist yet; waiting for it", file);
            } else if (!missing) {
                LOG.warn("{} does not exist; waiting for it", file);
            }
            missing = true;
            fromBeginning = true;
            identity = null;
            return List.of();
        }
        missing = false;
        place(now);
        return now.size() > position ? readFrom() : List.of();
    }

    private void place(BasicFileAttributes now) {
        Object key = Objects.requireNonNullElse(now.fileKey(), file);
        if (identity == null && !fromBeginning) {
            position = now.size();
        } else if (!key.equals(identity) || now.size() < position) {
            position = 0;
            unfinished.reset();
        }
        identity = key;
        fromBeginning = true;
    }

    private List<String> readFrom() throws IOException {
        List<String> lines = new ArrayList<>();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(position);
            int count = channel.read(chunk);
            position += Math.max(0, count);
        }
        chunk.flip();
        while (chunk.hasRemaining()) {
            byte next = chunk.get();
            if (next == '\n') {
                lines.add(unfinished.toString(StandardCharsets.UTF_8).replaceFirst("\r$", ""));
                unfinished.reset();
            } else if (unfinished.size() < LONGEST_LINE_BYTES) {
                unfinished.write(next);
            }
        }
        return lines;
    }
}
