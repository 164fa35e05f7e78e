package dev.weir.source;

import com.sun.management.OperatingSystemMXBean;
import dev.weir.time.Timers.Timer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's CPU, memory, load, disk and network: events of type {@code host}. CPU and memory come from the JVM, the network
 * and the three load averages from {@code /proc} where there is one.
 */
final class HostSource implements Source {
    static final SourceType TYPE = new SourceType(
            "host",
            "The machine's CPU (0 to 1), load, memory, disk and network, in bytes and bytes per second.",
            "`host`, data `{cpu, cores, load, memory: {total, used}, disk: {total, used}, net: {rxPerSecond, txPerSecond}}`",
            "A reading that is refused, or that nobody hears, is gone; the next one follows.",
            List.of(SourceOption.duration("every", "1s", "How often the machine is read.")),
            "host: {every: 1s, to: host.metrics}",
            (options, home) -> new HostSource(options.duration("every"), home));

    private static final Logger LOG = LoggerFactory.getLogger(HostSource.class);
    private static final Path LOAD = Path.of("/proc/loadavg");
    private static final Path NETWORK = Path.of("/proc/net/dev");

    private record Traffic(long received, long sent, long nanos) {}

    private final OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Duration every;
    private final Path home;
    private @Nullable Timer timer;
    private @Nullable Traffic before;

    HostSource(Duration every, Path home) {
        this.every = every;
        this.home = home;
    }

    @Override
    public void start(SourceContext context) {
        timer = context.timers()
                .every(every, () -> context.blocking(() -> read(context.clock().nanos()))
                        .onSuccess(data -> context.emit("host", data))
                        .onFailure(failure -> LOG.warn("the machine could not be read", failure)));
    }

    @Override
    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private JsonObject read(long nowNanos) throws IOException {
        long total = machine.getTotalMemorySize();
        FileStore disk = Files.getFileStore(home);
        return new JsonObject()
                .put("cpu", Math.max(0, machine.getCpuLoad()))
                .put("cores", machine.getAvailableProcessors())
                .put("load", load())
                .put("memory", new JsonObject().put("total", total).put("used", total - available()))
                .put(
                        "disk",
                        new JsonObject()
                                .put("total", disk.getTotalSpace())
                                .put("used", disk.getTotalSpace() - disk.getUsableSpace()))
                .put("net", network(nowNanos));
    }

    private JsonArray load() throws IOException {
        if (!Files.isReadable(LOAD)) {
            return new JsonArray().add(machine.getSystemLoadAverage());
        }
        String[] parts = Files.readString(LOAD).split(" ", 4);
        return new JsonArray()
                .add(Double.parseDouble(parts[0]))
                .add(Double.parseDouble(parts[1]))
                .add(Double.parseDouble(parts[2]));
    }

    /** What programs could still get: free memory alone leaves out caches that are given back on demand. */
    private long available() throws IOException {
        Path file = Path.of("/proc/meminfo");
        if (Files.isReadable(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        }
        return machine.getFreeMemorySize();
    }

    private JsonObject network(long nowNanos) throws IOException {
        JsonObject rates = new JsonObject().put("rxPerSecond", 0).put("txPerSecond", 0);
        if (!Files.isReadable(NETWORK)) {
            return rates;
        }
        Traffic now = traffic(Files.readAllLines(NETWORK), nowNanos);
        Traffic last = before;
        before = now;
        if (last != null && now.nanos() > last.nanos()) {
            double seconds = (now.nanos() - last.nanos()) / 1e9;
            rates.put("rxPerSecond", Math.round((now.received() - last.received()) / seconds));
            rates.put("txPerSecond", Math.round((now.sent() - last.sent()) / seconds));
        }
        return rates;
    }

    /** Adds up all interfaces: after the name, the first number is bytes received, the ninth bytes sent. */
    private static Traffic traffic(List<String> lines, long nanos) {
        long received = 0;
        long sent = 0;
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String[] numbers = line.substring(colon + 1).trim().split("\\s+", -1);
                received += Long.parseLong(numbers[0]);
                sent += Long.parseLong(numbers[8]);
            }
        }
        return new Traffic(received, sent, nanos);
    }
}
