package dev.weir.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The late flights per origin as somebody would write it who needs nothing else: a loop, Vert.x' {@code JsonObject}, a map, and its event
 * bus once a second.
 *
 * <p>Usage: {@code FlightLoop NDJSON SECONDS WARM}, prints one line of JSON.
 */
public final class FlightLoop {
    private static final int TURN = 256;

    private final Vertx vertx = Vertx.vertx();
    private final List<Buffer> events;
    private Map<String, long[]> sums = new HashMap<>();
    private long dueNanos = System.nanoTime();

    private FlightLoop(List<Buffer> events) {
        this.events = events;
    }

    public static void main(String[] args) throws Exception {
        List<Buffer> events = Files.readAllLines(Path.of(args[0])).stream()
                .map(line -> Buffer.buffer(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
        FlightLoop loop = new FlightLoop(events);
        loop.vertx.eventBus().consumer("out", message -> {});
        loop.run(Double.parseDouble(args[2]));
        Figures figures = loop.run(Double.parseDouble(args[1]));
        System.out.printf(
                "{\"events_per_s\":%.0f,\"cpu_s_per_m\":%.3f}%n", figures.perSecond(), figures.cpuPerMillion());
        System.exit(0);
    }

    private Figures run(double seconds) {
        Figures figures = new Figures();
        int next = 0;
        while (!figures.isOver(seconds)) {
            for (int i = 0; i < TURN; i++) {
                take(events.get(next));
                next = next + 1 == events.size() ? 0 : next + 1;
            }
            figures.add(TURN, 0);
            if (System.nanoTime() > dueNanos) {
                emit();
            }
        }
        return figures.end();
    }

    private void take(Buffer bytes) {
        JsonObject flight = new JsonObject(bytes);
        if (flight.getInteger("delay") > 10) {
            JsonObject mapped =
                    new JsonObject().put("origin", flight.getString("origin")).put("delay", flight.getInteger("delay"));
            long[] sum = sums.computeIfAbsent(mapped.getString("origin"), first -> new long[2]);
            sum[0]++;
            sum[1] += mapped.getInteger("delay");
        }
    }

    private void emit() {
        dueNanos = System.nanoTime() + 1_000_000_000L;
        sums.forEach((origin, sum) -> vertx.eventBus()
                .publish(
                        "out",
                        new JsonObject().put("origin", origin).put("n", sum[0]).put("minutes", sum[1])));
        sums = new HashMap<>();
    }
}
