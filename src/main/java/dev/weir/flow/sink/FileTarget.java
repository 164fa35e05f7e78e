package dev.weir.flow.sink;

import dev.weir.bus.FailureText;
import dev.weir.bus.RetryPolicy;
import dev.weir.config.RawValue;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Hold;
import dev.weir.flow.Rehearsal;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import dev.weir.flow.outside.FailedException;
import dev.weir.flow.outside.Template;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Adds each event to a file, as a line. What comes while lines are being written goes with the next ones. Owned by the lane's event
 * loop; files are written by a worker, one after the other.
 */
final class FileTarget implements Stage {
    private static final String FILE = "file";
    private static final RetryPolicy RETRY = new RetryPolicy(
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)), Integer.MAX_VALUE);

    static final StageType TYPE = new StageType(
            FILE,
            "Adds each event to a file, as a line of JSON, CSV or text; files are put aside when they are large or old.",
            "At least once when what the flow reads is journaled: an event is done with when it is written. Each node writes files of"
                    + " its own. Where the machine lost power the last line may be there in part; the next one begins a new line.",
            FILE,
            options(),
            StageType.Traits.OUTSIDE,
            "file: {file: out/slow.ndjson, max-size: 10MiB, keep: 5}",
            FileTarget::make);

    private record Made(
            Template file,
            Path home,
            Path folder,
            LineFormat format,
            RotatingFile.Rotation rotation,
            RetryPolicy retry) {}

    private record Line(Path file, String text, Hold hold) {}

    private final StageContext context;
    private final Made made;
    private final OpenFiles files;
    private final Compressions compressions;
    private final @Nullable Context loop;
    private List<Line> next = new ArrayList<>();
    private Future<?> last = Future.succeededFuture();
    private boolean writing;
    private boolean closed;

    private FileTarget(StageContext context, Made made) {
        this.context = context;
        this.made = made;
        this.files = new OpenFiles(made.rotation, made.format.header(), context.clock(), this::compress);
        this.compressions = new Compressions(this::blocking);
        this.loop = context.vertx() == null ? null : context.vertx().getOrCreateContext();
    }

    private static List<StageOption> options() {
        List<StageOption> all = new ArrayList<>();
        all.add(StageOption.required(
                FILE,
                Kind.TEXT,
                "The file: inside WEIR_HOME, or an absolute path. Behind its folder it may have expressions in braces, as in"
                        + " `out/{event.data.origin}.csv`; what they give takes letters, digits and . _ - only."));
        all.addAll(LineFormat.OPTIONS);
        all.add(StageOption.size("max-size", "100MiB", "How large a file may become before it is put aside."));
        all.add(StageOption.optional(
                "every",
                Kind.DURATION,
                "Also puts a file aside with the first event of a new period, as in `1h` or `1d`, counted in UTC."));
        all.add(StageOption.count(
                "keep", 10, 0, 100_000, "How many files put aside are kept; the oldest are deleted beyond that."));
        all.add(StageOption.flag("gzip", false, "Compresses files that are put aside, beside what is written."));
        all.add(
                StageOption.choice(
                        "sync",
                        List.of("batch", "none"),
                        "Whether lines are forced to the disk each time some are written, or when the operating system does so."));
        all.add(StageOption.optional(
                "retry",
                Kind.RETRY,
                "How it is tried again when a file cannot be written, as on a disk that is full. Without it after 1 s, 5 s and"
                        + " then every 30 s, without end: events wait meanwhile, and the flow reads on when it can. With it what"
                        + " `on-error` says holds in the end."));
        return List.copyOf(all);
    }

    private static StageType.Factory make(StageOptions options) {
        RawValue file = options.raw(FILE);
        Template template = file == null ? Template.NONE : Template.of(options, FILE, file);
        Made made = new Made(
                template,
                options.home().toAbsolutePath().normalize(),
                folder(options, template),
                LineFormat.of(options),
                new RotatingFile.Rotation(
                        options.size("max-size"),
                        options.duration("every"),
                        (int) options.count("keep"),
                        options.flag("gzip"),
                        options.choice("sync").equals("batch")),
                Objects.requireNonNullElse(options.retry("retry"), RETRY));
        return context -> new FileTarget(context, made);
    }

    /** The folder that no event leads out of. */
    private static Path folder(StageOptions options, Template template) {
        Path home = options.home().toAbsolutePath().normalize();
        String front = template.beginning();
        int slash = front.lastIndexOf('/');
        if (template.isComputed() && slash <= 0) {
            options.wrong(
                    FILE, "an event cannot say in which folder", "write one first, as in out/{event.data.name}.csv");
            return home;
        }
        try {
            Path written = Path.of(slash < 0 ? "" : front.substring(0, Math.max(slash, 1)));
            Path folder = home.resolve(written).normalize();
            if (!written.isAbsolute() && !folder.startsWith(home)) {
                options.wrong(FILE, "it leads out of WEIR_HOME", "write an absolute path if that is right");
            } else if (front.endsWith("/") && !template.isComputed()) {
                options.wrong(FILE, "it is a folder", "add the name of a file");
            }
            return folder;
        } catch (InvalidPathException bad) {
            options.wrong(FILE, "it is no path: " + bad.getMessage(), "write it as in out/slow.ndjson");
            return home;
        }
    }

    /** No dots in front: those are hidden, or lead elsewhere. */
    private static String safe(String value) {
        if (!value.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")) {
            throw new StageException(
                    "'" + value
                            + "' cannot be a part of a file's name: it takes 1 to 100 letters, digits and . _ -, and no . in front");
        }
        return value;
    }

    private Path file(FlowEvent event) {
        Path file = made.home.resolve(made.file.text(event, FileTarget::safe)).normalize();
        if (!file.startsWith(made.folder)) {
            throw new StageException(file + " is outside of " + made.folder);
        }
        return file;
    }

    @Override
    public void accept(FlowEvent event) {
        Path file = file(event);
        String line = made.format.line(event);
        Rehearsal rehearsal = context.rehearsal();
        if (rehearsal != null) {
            boolean isJson = made.format.kind() == LineFormat.Kind.NDJSON;
            rehearsal.emitted(context.id(), event.withData(isJson ? made.format.value(event) : line));
            return;
        }
        next.add(new Line(file, line, context.hold(event, false)));
        if (!writing) {
            write();
        }
    }

    private void write() {
        List<Line> batch = next;
        next = new ArrayList<>();
        batch.removeIf(line -> !line.hold.isOpen());
        writing = !batch.isEmpty() && !closed;
        if (writing) {
            write(batch, 1);
        }
    }

    private void write(List<Line> batch, int attempt) {
        OpenFiles.Lines lines = new OpenFiles.Lines();
        batch.forEach(line -> lines.add(line.file, LineFormat.bytes(line.text)));
        Future<Map<Path, RotatingFile.Appended>> written = blocking(() -> files.append(lines));
        last = written.mapEmpty();
        written.onComplete(done -> {
            if (closed) {
                return;
            }
            if (done.succeeded()) {
                written(batch, attempt, done.result());
            } else {
                failed(batch, attempt, FailureText.of(done.cause()));
            }
        });
    }

    private void written(List<Line> batch, int attempt, Map<Path, RotatingFile.Appended> done) {
        Map<Path, Integer> counts = new HashMap<>();
        done.forEach((file, appended) -> counts.put(file, appended.lines()));
        List<Line> left = new ArrayList<>();
        for (Line line : batch) {
            if (counts.merge(line.file, -1, Integer::sum) >= 0) {
                line.hold.done();
            } else {
                left.add(line);
            }
        }
        context.count("written", batch.size() - left.size());
        if (left.isEmpty()) {
            write();
            return;
        }
        Path stuck = left.get(0).file;
        RotatingFile.Appended why = done.get(stuck);
        failed(left, attempt, stuck + ": " + (why == null ? "" : why.failure()));
    }

    private void failed(List<Line> batch, int attempt, String why) {
        context.count("failed", 1);
        if (!made.retry.isExhausted(attempt)) {
            context.warn("nothing can be written to " + why + "; events wait, and it is tried again");
            context.timers().after(made.retry.pauseAfter(attempt), () -> {
                if (!closed) {
                    write(batch, attempt + 1);
                }
            });
            return;
        }
        FailedException said = new FailedException("nothing can be written to " + why);
        batch.forEach(line -> line.hold.fail(said));
        write();
    }

    /** In no order with what others do; this target does one thing after the other by itself. */
    private <T> Future<T> blocking(Callable<T> work) {
        Vertx vertx = Objects.requireNonNull(context.vertx(), "files are written by running flows only");
        return vertx.executeBlocking(work, false);
    }

    /** On any thread. */
    private void compress(Path file) {
        Context own = loop;
        if (own != null) {
            own.runOnContext(now -> compressions.add(new Compression(file)));
        }
    }

    @Override
    public void close() {
        closed = true;
        compressions.close();
        if (context.rehearsal() == null) {
            last.transform(either -> blocking(() -> {
                        files.close();
                        return true;
                    }))
                    .onFailure(failure -> context.count("failed", 1));
        }
    }
}
