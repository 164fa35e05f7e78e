package dev.weir.bench;

import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.node.NodeSettings;
import dev.weir.node.NodeVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Flows of whole nodes, as their files declare them: exactly once from one journaled address to another, what a flow adds to the latency
 * of a plain address, what flows without events need, and what a window with many keys does. Prints one line of JSON for each figure.
 *
 * <p>Usage: {@code FlowNodeBench FOLDER SECONDS PART...}, parts being {@code kept}, {@code latency}, {@code keys} and {@code idle=FLOWS}.
 */
public final class FlowNodeBench {
    private static final String YAML = """
            http: {host: 127.0.0.1, port: 0, loops: 1}
            journal: {engine: sqlite, path: data}
            addresses:
              - {match: in, publish: anyone, subscribe: anyone}
              - {match: out, publish: anyone, subscribe: anyone}
              - {match: kept-in, publish: anyone, keep: {events: 1000000000}}
              - {match: kept-out, publish: anyone, keep: {events: 1000000000}}
            """;
    private static final String STAGES = """
            stages:
              - filter: event.data.delay > 10
              - map: {origin: event.data.origin, delay: event.data.delay}
            """;
    private static final int KEPT = 600_000;
    private static final int KEYS = 100_000;
    private static final int IN_FLIGHT = 1_000;
    private static final int EACH_MILLI = 10;

    private final Path folder;
    private final double seconds;

    private FlowNodeBench(Path folder, double seconds) {
        this.folder = folder;
        this.seconds = seconds;
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
        FlowNodeBench bench = new FlowNodeBench(Path.of(args[0]), Double.parseDouble(args[1]));
        for (int i = 2; i < args.length; i++) {
            String[] part = args[i].split("=");
            switch (part[0]) {
                case "kept" -> bench.kept();
                case "latency" -> bench.latency();
                case "keys" -> bench.keys();
                default -> bench.idle(Integer.parseInt(part[1]));
            }
        }
    }

    private Path home(String name) throws IOException {
        Path home = Files.createTempDirectory(Files.createDirectories(folder), name);
        Files.createDirectories(home.resolve("conf/flows"));
        Files.writeString(home.resolve("conf/weir.yaml"), YAML);
        return home;
    }

    private static Vertx node(Path home) throws Exception {
        Vertx vertx = NodeVerticle.counting(Vertx.builder()).build();
        vertx.deployVerticle(NodeVerticle.alone(NodeSettings.read(home.resolve("conf/weir.yaml"), Map.of())))
                .await(60, TimeUnit.SECONDS);
        return vertx;
    }

    private static Publisher publisher(Vertx vertx) {
        return Objects.requireNonNull(Publisher.of(vertx), "a node");
    }

    private static JsonObject flight(boolean late) {
        return new JsonObject()
                .put("date", "2001/01/01 01:10")
                .put("delay", late ? 95 : -5)
                .put("distance", 2399)
                .put("origin", "HNL")
                .put("destination", "SFO");
    }

    private static long head(Publisher publisher, String address) throws Exception {
        Journal journal = Objects.requireNonNull(publisher.journal(), "kept");
        return journal.head(address, Objects.requireNonNull(publisher.keepOf(address)))
                .map(Head::head)
                .await(30, TimeUnit.SECONDS);
    }

    /**
     * The events are there first; then the node is started with the flow. Every one is emitted. The second half is measured apart: by
     * then the JIT compiler is done.
     */
    private void kept() throws Exception {
        Path home = home("kept");
        fill(home, KEPT, i -> flight(true));
        Files.writeString(
                home.resolve("conf/flows/kept.yaml"), "flow: kept\nfrom: kept-in\n" + STAGES + "to: kept-out\n");
        Vertx vertx = node(home);
        Publisher publisher = publisher(vertx);
        Figures all = new Figures();
        long before = head(publisher, "kept-out");
        long middle = await(publisher, Math.max(before, KEPT / 2));
        Figures half = new Figures();
        all.add(await(publisher, KEPT) - before, 0);
        half.add(KEPT - middle, 0);
        print("kept to kept, exactly once", all.end());
        print("kept to kept, second half", half.end());
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    private static long await(Publisher publisher, long least) throws Exception {
        long now = head(publisher, "kept-out");
        for (; now < least; now = head(publisher, "kept-out")) {
            // A benchmark looks now and then; asking all the time would be measured too.
            Thread.sleep(5);
        }
        return now;
    }

    private void fill(Path home, int events, IntFunction<JsonObject> made) throws Exception {
        Vertx writer = node(home);
        Publisher publisher = publisher(writer);
        for (int done = 0; done < events; done += IN_FLIGHT) {
            Future<?> last = Future.succeededFuture();
            for (int i = 0; i < IN_FLIGHT; i++) {
                last = publisher.publish(
                        Origin.node("bench"), "kept-in", MultiMap.caseInsensitiveMultiMap(), made.apply(done + i), 0);
            }
            last.await(30, TimeUnit.SECONDS);
        }
        writer.close().await(30, TimeUnit.SECONDS);
    }

    /** A window over a hundred thousand keys, two events of each, in a flow that is kept. */
    private void keys() throws Exception {
        Path home = home("keys");
        fill(home, 2 * KEYS, i -> flight(true).put("origin", "customer-" + i % KEYS));
        long before = liveBytes();
        Files.writeString(home.resolve("conf/flows/keys.yaml"), """
                flow: keys
                from: kept-in
                stages:
                  - window: {every: 1d, time: processing, by: event.data.origin, compute: {n: count(), total: sum(event.data.delay)}}
                to: kept-out
                """);
        long begun = System.nanoTime();
        Vertx vertx = node(home);
        String file = "jdbc:sqlite:" + home.resolve("data/journal.db");
        try (Connection sql = DriverManager.getConnection(file);
                Statement ask = sql.createStatement()) {
            while (read(ask, "SELECT coalesce(min(seq), 0) FROM flow_cursors WHERE flow = 'keys'") < 2 * KEYS) {
                // As above.
                Thread.sleep(20);
            }
            double took = (System.nanoTime() - begun) / 1e9;
            long stored = read(ask, "SELECT count(*) FROM flow_states WHERE flow = 'keys'");
            System.out.printf(
                    "{\"what\":\"a window with 100000 keys\",\"heap_mb\":%.1f,\"seconds\":%.1f,\"stored\":%d}%n",
                    (liveBytes() - before) / 1e6, took, stored);
        }
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    private static long read(Statement ask, String question) throws SQLException {
        try (ResultSet row = ask.executeQuery(question)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static void print(String what, Figures figures) {
        System.out.printf(
                "{\"what\":\"%s\",\"events_per_s\":%.0f,\"p50_us\":%.0f,\"p99_us\":%.0f,\"cpu_s_per_m\":%.2f}%n",
                what, figures.perSecond(), figures.micros(0.5), figures.micros(0.99), figures.cpuPerMillion());
    }

    /** From publishing to the consumer, 10 000 a second, without a flow between and with one. */
    private void latency() throws Exception {
        Path home = home("latency");
        Files.writeString(home.resolve("conf/flows/plain.yaml"), "flow: plain\nfrom: in\n" + STAGES + "to: out\n");
        Vertx vertx = node(home);
        for (int i = 0; i < 2; i++) {
            Figures without = new Pace(vertx, "out").run();
            Figures with = new Pace(vertx, "in").run();
            if (i == 1) { // The first is for the JIT compiler.
                print("latency without a flow", without);
                print("latency with a flow", with);
            }
        }
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    /** Ten events each millisecond, all on one event loop, which also hears what comes out. */
    private final class Pace {
        private final Publisher publisher;
        private final Context context;
        private final Vertx vertx;
        private final String address;
        private final Figures figures = new Figures();
        private final Promise<Figures> done = Promise.promise();

        Pace(Vertx vertx, String address) {
            this.vertx = vertx;
            this.publisher = publisher(vertx);
            this.context = vertx.getOrCreateContext();
            this.address = address;
        }

        Figures run() throws Exception {
            context.runOnContext(now -> {
                var consumer = vertx.eventBus().<JsonObject>consumer("out", message -> {
                    Long sent = Long.valueOf(String.valueOf(message.headers().get("ce-sent")));
                    figures.add(1, System.nanoTime() - sent);
                });
                long timer = vertx.setPeriodic(1, tick -> turn());
                vertx.setTimer((long) (seconds * 1000), end -> {
                    vertx.cancelTimer(timer);
                    figures.end();
                    // What is under way is to be heard.
                    vertx.setTimer(100, heard -> consumer.unregister().onComplete(gone -> done.complete(figures)));
                });
            });
            return done.future().await(60, TimeUnit.SECONDS);
        }

        private void turn() {
            for (int i = 0; i < EACH_MILLI; i++) {
                MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("ce-sent", "" + System.nanoTime());
                publisher
                        .publish(Origin.node("bench"), address, headers, flight(true), 0)
                        .onFailure(done::tryFail);
            }
        }
    }

    /** A node with so many flows, in a process of its own. */
    private void idle(int flows) throws Exception {
        Path home = home("idle");
        for (int i = 0; i < flows; i++) {
            Files.writeString(
                    home.resolve("conf/flows/idle-" + i + ".yaml"),
                    "flow: idle-" + i + "\nfrom: in\n" + STAGES + "to: out\n");
        }
        long begun = System.nanoTime();
        Vertx vertx = node(home);
        double took = (System.nanoTime() - begun) / 1e9;
        double heap = liveBytes() / 1e6;
        System.out.printf(
                "{\"what\":\"%d idle flows\",\"start_s\":%.2f,\"heap_mb\":%.1f,\"rss_mb\":%.1f}%n",
                flows, took, heap, residentMegabytes());
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    private static double residentMegabytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1000)
                    .findFirst()
                    .orElse(0);
        }
    }

    private static long liveBytes() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            // Time for what the collection only begins, such as references that are cleared.
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
