package dev.weir.bench;

import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.event.EventHeaders;
import dev.weir.node.NodeSettings;
import dev.weir.node.NodeVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A whole node in this process, with producers that keep so many events unacknowledged, as a verticle would. */
final class NodeRuns implements AutoCloseable {
    private static final String YAML = """
            http: {host: 127.0.0.1, port: 0, loops: 1}
            addresses:
              - {match: all, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 1000000000}}
              - {match: thousand, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 1000}}
            """;
    private static final int PAGE = 1_000;

    private final Vertx vertx;
    private final Publisher publisher;
    private final Context context;

    NodeRuns(Target target) throws Exception {
        Path home = Files.createTempDirectory(target.folder(), "home");
        Path file = Files.createDirectories(home.resolve("conf")).resolve("weir.yaml");
        Files.writeString(file, YAML + target.yaml() + "\n");
        this.vertx = NodeVerticle.counting(Vertx.builder()).build();
        vertx.deployVerticle(NodeVerticle.alone(NodeSettings.read(file, Map.of())))
                .await(30, TimeUnit.SECONDS);
        this.publisher = Objects.requireNonNull(Publisher.of(vertx), "a node");
        this.context = vertx.getOrCreateContext();
    }

    Figures append(String address, int inFlight, double seconds) throws Exception {
        return new Producers(address, inFlight, seconds, false).run();
    }

    /** With ids of the producer, so that repeats are looked for. */
    Figures appendNamed(String address, int inFlight, double seconds) throws Exception {
        return new Producers(address, inFlight, seconds, true).run();
    }

    /** One event after the other; all on one event loop. */
    private final class Producers {
        private final String address;
        private final double seconds;
        private final boolean named;
        private final Figures figures = new Figures();
        private final Promise<Figures> done = Promise.promise();
        private final long base = System.nanoTime();
        private int left;

        Producers(String address, int inFlight, double seconds, boolean named) {
            this.address = address;
            this.left = inFlight;
            this.seconds = seconds;
            this.named = named;
        }

        Figures run() throws Exception {
            context.runOnContext(now -> {
                for (int i = left; i > 0; i--) {
                    next(i);
                }
            });
            return done.future().await((long) seconds + 30, TimeUnit.SECONDS);
        }

        private void next(long number) {
            MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                    .add(EventHeaders.TYPE, Sample.TYPE)
                    .add(EventHeaders.SUBJECT, Sample.SUBJECT);
            if (named) {
                headers.add(EventHeaders.SOURCE, Sample.SOURCE).add(EventHeaders.ID, base + "-" + number);
            }
            long begun = System.nanoTime();
            publisher
                    .publish(Origin.node("bench"), address, headers, Sample.body(), Sample.BYTES)
                    .onComplete(kept -> {
                        figures.add(1, System.nanoTime() - begun);
                        if (kept.failed()) {
                            done.tryFail(kept.cause());
                        } else if (!figures.isOver(seconds)) {
                            next(number + 10_000);
                        } else if (--left == 0) {
                            done.tryComplete(figures.end());
                        }
                    });
        }
    }

    /** Reads everything that is kept. */
    Figures replay(String address) throws Exception {
        Journal journal = Objects.requireNonNull(publisher.journal(), "kept");
        Head head = journal.head(address, Target.ALL).await(30, TimeUnit.SECONDS);
        Figures figures = new Figures();
        for (long at = head.floor(); at < Math.min(head.head(), 1_000_000); ) {
            long begun = System.nanoTime();
            Future<Long> read = journal.read(address, at, PAGE).map(page -> page.to());
            long to = read.await(30, TimeUnit.SECONDS);
            figures.add(to - at, System.nanoTime() - begun);
            at = to;
        }
        return figures.end();
    }

    @Override
    public void close() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }
}
