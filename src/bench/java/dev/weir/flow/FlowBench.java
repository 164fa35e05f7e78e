package dev.weir.flow;

import com.sun.management.OperatingSystemMXBean;
import dev.weir.bus.Authorizer;
import dev.weir.bus.Functions;
import dev.weir.bus.Policies;
import dev.weir.bus.Publisher;
import dev.weir.config.Problems;
import dev.weir.flow.sink.BuiltInTargets;
import dev.weir.flow.stage.BuiltInStages;
import dev.weir.node.NodeSettings;
import dev.weir.node.NodeVerticle;
import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A flow in a lane of a whole node, as fast as it goes: its events are bytes of JSON in memory, what comes out is heard by a consumer.
 *
 * <p>Usage: {@code FlowBench NDJSON FLOW SECONDS WARM}, prints one line of JSON.
 */
public final class FlowBench {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Vertx vertx;
    private final RunningLane lane;
    private final MemoryInput input;
    private final Context context;
    private long heard;

    private FlowBench(Vertx vertx, Context context, FlowSpec spec, List<byte[]> events, Policies policies) {
        this.vertx = vertx;
        this.context = context;
        FlowServices services = services(vertx, policies);
        FlowRun run = new FlowRun(spec.name(), services.clock(), FlowMeters.NONE);
        this.lane = new RunningLane(spec, services, run, new Partitioning(spec, false, Map.of(0, 0L)), null);
        this.input = new MemoryInput(events, lane, context);
    }

    public static void main(String[] args) {
        try {
            run(args);
            System.exit(0);
        } catch (Exception | Error failure) {
            // The node's threads would keep the process alive.
            failure.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String[] args) throws Exception {
        List<byte[]> events = Files.readAllLines(Path.of(args[0])).stream()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
        FlowSpec spec = spec(Path.of(args[1]));
        NodeSettings settings = settings();
        Vertx vertx = node(settings);
        Context context = vertx.getOrCreateContext();
        Promise<FlowBench> made = Promise.promise();
        context.runOnContext(now -> {
            FlowBench bench = new FlowBench(vertx, context, spec, events, settings.policies());
            bench.start().onSuccess(started -> made.complete(bench)).onFailure(made::fail);
        });
        made.future().await(30, TimeUnit.SECONDS).measure(Double.parseDouble(args[2]), Double.parseDouble(args[3]));
    }

    private io.vertx.core.Future<Void> start() {
        return vertx.eventBus()
                .consumer("out", message -> heard++)
                .completion()
                .compose(registered -> lane.start())
                .compose(running -> input.start(List.of()));
    }

    private static FlowSpec spec(Path file) throws Exception {
        Problems problems = new Problems();
        FlowSpec spec = new FlowReader(new Vocabulary(
                        BuiltInStages.TYPES,
                        BuiltInTargets.TYPES,
                        List.of(),
                        (kind, options, wrong) -> {},
                        Functions.NONE,
                        file.getParent()))
                .read(file.toString(), Files.readString(file), problems);
        if (spec == null) {
            throw new IllegalArgumentException(problems.list().toString());
        }
        return spec;
    }

    private static NodeSettings settings() throws Exception {
        Path home = Files.createTempDirectory("weir-bench");
        Path file = Files.createDirectories(home.resolve("conf")).resolve("weir.yaml");
        Files.writeString(file, """
                http: {host: 127.0.0.1, port: 0, loops: 1}
                addresses:
                  - {match: in, publish: anyone, subscribe: anyone}
                  - {match: out, publish: anyone, subscribe: anyone}
                """);
        return NodeSettings.read(file, Map.of());
    }

    private static Vertx node(NodeSettings settings) throws Exception {
        Vertx vertx = NodeVerticle.counting(Vertx.builder()).build();
        vertx.deployVerticle(NodeVerticle.alone(settings)).await(30, TimeUnit.SECONDS);
        return vertx;
    }

    @SuppressWarnings("NullAway") // Lanes do not ask for what is not given.
    private static FlowServices services(Vertx vertx, Policies policies) {
        return new FlowServices(
                vertx,
                "bench",
                () -> List.of("bench"),
                Clock.system(),
                Objects.requireNonNull(Publisher.of(vertx), "a node"),
                new Authorizer(vertx, Clock.system(), new AtomicReference<>(policies)),
                null,
                () -> null,
                null,
                null,
                FlowMeters.NONE,
                new FlowReport(Clock.system()),
                null,
                Path.of(""));
    }

    private record Reading(long nanos, long cpuNanos, long given, long heard) {}

    private Reading read() throws Exception {
        Promise<Reading> promise = Promise.promise();
        context.runOnContext(now ->
                promise.complete(new Reading(System.nanoTime(), SYSTEM.getProcessCpuTime(), input.given(), heard)));
        return promise.future().await(30, TimeUnit.SECONDS);
    }

    private void measure(double seconds, double warm) throws Exception {
        // A benchmark measures over time: first while code is compiled, then what counts.
        Thread.sleep((long) (warm * 1000));
        Reading begin = read();
        Thread.sleep((long) (seconds * 1000));
        Reading end = read();
        long events = end.given - begin.given;
        System.out.printf(
                "{\"events_per_s\":%.0f,\"cpu_s_per_m\":%.3f,\"per_cpu_s\":%.0f,\"heard\":%d}%n",
                events * 1e9 / (end.nanos - begin.nanos),
                (end.cpuNanos - begin.cpuNanos) / 1e3 / events,
                events * 1e9 / (end.cpuNanos - begin.cpuNanos),
                end.heard - begin.heard);
    }
}
