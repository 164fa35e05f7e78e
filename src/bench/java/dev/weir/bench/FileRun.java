package dev.weir.bench;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Counters;
import dev.weir.bus.Position;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.source.BuiltInSources;
import dev.weir.source.Input;
import dev.weir.source.InputContext;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file as the {@code file} input does and says how fast, and how much heap it left in use: {@code FileRun FILE}. Prints a line of
 * JSON; for NDJSON another one, how fast the same lines out of memory are parsed and nothing else.
 */
public final class FileRun extends VerticleBase implements InputContext {
    private static final int PARSED = 500_000;

    private final Path file;
    private long events;
    private long bad;
    private long began;

    private FileRun(Path file) {
        this.file = file;
    }

    /** Reads the file that is named, then exits. */
    public static void main(String[] args) throws IOException {
        Vertx vertx = Vertx.vertx();
        if (args[0].endsWith(".ndjson")) {
            parse(Path.of(args[0]));
        }
        vertx.deployVerticle(new FileRun(Path.of(args[0]).toAbsolutePath())).onFailure(failure -> {
            System.err.println(failure);
            vertx.close();
        });
    }

    /** The parser's limit: twice over as many lines, of which the second time counts. */
    private static void parse(Path file) throws IOException {
        List<Buffer> lines;
        try (Stream<String> all = Files.lines(file)) {
            lines = all.limit(PARSED).map(Buffer::buffer).toList();
        }
        for (int turn = 0; turn < 4; turn++) {
            long bytes = 0;
            long fields = 0;
            long began = System.nanoTime();
            for (Buffer line : lines) {
                fields += new JsonObject(line).size();
                bytes += line.length() + 1;
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            if (turn == 3) {
                System.out.printf(
                        "{\"what\":\"%s parsed\",\"mb_per_s\":%.1f,\"events_per_s\":%.0f,\"fields\":%d}%n",
                        file.getFileName(), bytes / 1e6 / seconds, lines.size() / seconds, fields);
            }
        }
    }

    @Override
    public Future<?> start() {
        Problems problems = new Problems();
        Map<String, RawValue> options = Map.of("file", RawValue.of(file.toString()));
        Input input = (Input)
                Objects.requireNonNull(BuiltInSources.make("file", RawValue.of(options), Path.of("."), problems));
        problems.throwIfAny();
        began = clock().nanos();
        input.start(this, null);
        return Future.succeededFuture();
    }

    @Override
    public void emit(String type, @Nullable String key, @Nullable Object data, @Nullable Position at) {
        events++;
    }

    @Override
    public void bad(String place, String error, @Nullable Position at) {
        bad++;
    }

    @Override
    public void end() {
        double seconds = (clock().nanos() - began) / 1e9;
        vertx.executeBlocking(() -> Files.size(file)).onSuccess(bytes -> {
            System.out.printf(
                    "{\"what\":\"%s read\",\"mb_per_s\":%.1f,\"events_per_s\":%.0f,\"bad\":%d,\"old_mb\":%.1f}%n",
                    file.getFileName(), bytes / 1e6 / seconds, events / seconds, bad, oldPeak());
            vertx.close();
        });
    }

    private static double oldPeak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().contains("Old") || pool.getName().contains("Tenured"))
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToDouble(usage -> usage.getUsed() / 1e6)
                .max()
                .orElse(0);
    }

    @Override
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public Clock clock() {
        return Clock.system();
    }

    @Override
    public Timers timers() {
        return Timers.of(vertx);
    }

    @Override
    public Counters counters() {
        return Counters.of(vertx);
    }

    @Override
    public AccessLog accesses() {
        return new AccessLog();
    }

    @Override
    public String nodeId() {
        return "bench";
    }

    @Override
    public void run(Runnable action) {
        context.runOnContext(then -> action.run());
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work);
    }
}
