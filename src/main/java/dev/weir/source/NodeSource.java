package dev.weir.source;

import dev.weir.bus.Counters;
import dev.weir.time.Timers.Timer;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The node itself: sessions, totals since start, how late its timers are, heap, uptime. Events of type {@code node}. */
final class NodeSource implements Source {
    static final SourceType TYPE = new SourceType(
            "node",
            "The node's sessions, events in and out and refusals since start, loop lag, heap and uptime.",
            "`node`, data `{node, clients, eventsIn, eventsOut, refused, loopLagMillis, heap: {used, max}, uptimeMillis}`",
            "A reading that is refused, or that nobody hears, is gone; the next one follows.",
            List.of(SourceOption.duration("every", "1s", "How often the node is read.")),
            "node: {every: 1s, to: node.metrics}",
            (options, home) -> new NodeSource(options.duration("every")));

    private final Duration every;
    private @Nullable Timer timer;
    private long beforeNanos;

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
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        JsonObject data = new JsonObject()
                .put("node", context.nodeId())
                .put("clients", counters.sessions())
                .put("eventsIn", counters.accepted.sum())
                .put("eventsOut", counters.delivered.sum())
                .put("refused", counters.refusals())
                .put("loopLagMillis", Math.max(0, (now - beforeNanos - every.toNanos()) / 1_000_000))
                .put("heap", new JsonObject().put("used", heap.getUsed()).put("max", heap.getMax()))
                .put("uptimeMillis", ManagementFactory.getRuntimeMXBean().getUptime());
        beforeNanos = now;
        context.emit("node", data);
    }
}
