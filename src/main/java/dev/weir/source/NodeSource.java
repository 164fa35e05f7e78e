package dev.weir.source;

import dev.weir.bus.Counters;
import dev.weir.bus.FailureCode;
import dev.weir.time.Timers.Timer;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The node itself: sessions, event rates, how late its timers are, heap, uptime. Events of type {@code node}. */
final class NodeSource implements Source {
    static final SourceType TYPE = new SourceType(
            "node",
            "The node's sessions, events per second in and out, refusals per second, loop lag, heap and uptime.",
            Set.of("every"),
            "node: {every: 1s, to: node.metrics}",
            (options, home) -> new NodeSource(options.duration("every", Duration.ofSeconds(1))));

    private final Duration every;
    private @Nullable Timer timer;
    private long beforeNanos;
    private long accepted;
    private long delivered;
    private long refused;

    NodeSource(Duration every) {
        this.every = every;
    }

    @Override
    public void start(SourceContext context) {
        beforeNanos = context.clock().nanos();
        timer = context.timers().every(every, () -> tick(context));
    }

    @Override
    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void tick(SourceContext context) {
        Counters counters = context.counters();
        long now = context.clock().nanos();
        double seconds = Math.max(1e-3, (now - beforeNanos) / 1e9);
        long in = counters.accepted.sum();
        long out = counters.delivered.sum();
        long no = refusals(counters);
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        JsonObject data = new JsonObject()
                .put("node", context.nodeId())
                .put("clients", counters.sessions())
                .put("eventsIn", Math.round((in - accepted) / seconds))
                .put("eventsOut", Math.round((out - delivered) / seconds))
                .put("refused", Math.round((no - refused) / seconds))
                .put("loopLagMillis", Math.max(0, (now - beforeNanos - every.toNanos()) / 1_000_000))
                .put("heap", new JsonObject().put("used", heap.getUsed()).put("max", heap.getMax()))
                .put("uptimeMillis", ManagementFactory.getRuntimeMXBean().getUptime());
        beforeNanos = now;
        accepted = in;
        delivered = out;
        refused = no;
        context.emit("node", data);
    }

    private static long refusals(Counters counters) {
        long sum = 0;
        for (FailureCode code : FailureCode.values()) {
            sum += counters.refused(code).sum();
        }
        return sum;
    }
}
