package dev.weir.bench;

import dev.weir.script.ScriptMeters;
import dev.weir.script.ScriptSettings;
import dev.weir.script.ScriptVerticleFactory;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How often a handler in JavaScript answers a request of the event bus, with JSON in and out, all on one event loop; and how long scripts
 * take to be ready in a fresh JVM.
 *
 * <p>Usage: {@code HandlerBench FOLDER SECONDS WARM}, prints one line of JSON.
 */
public final class HandlerBench {
    private static final int IN_FLIGHT = 64;
    private static final JsonObject ORDER = new JsonObject()
            .put("id", "order-17")
            .put("customer", "ada")
            .put(
                    "items",
                    new JsonArray()
                            .add(new JsonObject()
                                    .put("sku", "a")
                                    .put("price", 2.5)
                                    .put("qty", 2))
                            .add(new JsonObject()
                                    .put("sku", "b")
                                    .put("price", 7)
                                    .put("qty", 1)));

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private Figures figures = new Figures();
    private volatile boolean ended;

    private HandlerBench() {}

    public static void main(String[] args) throws Exception {
        HandlerBench bench = new HandlerBench();
        Path folder = Path.of(args[0]).toAbsolutePath();
        bench.vertx.registerVerticleFactory(new ScriptVerticleFactory(ScriptSettings.of(folder), ScriptMeters.NONE));
        double first = bench.deploy("idle.js");
        for (int i = 2; i < 10; i++) {
            bench.deploy("idle.js");
        }
        double tenth = bench.deploy("idle.js");
        bench.deploy("handler.js");
        bench.run(Double.parseDouble(args[2]));
        Figures figures = bench.run(Double.parseDouble(args[1]));
        System.out.printf(
                "{\"calls_per_s\":%.0f,\"cpu_s_per_m\":%.3f,\"first_ms\":%.0f,\"tenth_ms\":%.0f}%n",
                figures.perSecond(), figures.cpuPerMillion(), first, tenth);
        System.exit(0);
    }

    /** Milliseconds until it is ready. */
    private double deploy(String script) throws Exception {
        long begun = System.nanoTime();
        vertx.deployVerticle("js:" + script)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return (System.nanoTime() - begun) / 1e6;
    }

    private Figures run(double seconds) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(IN_FLIGHT);
        ended = false;
        figures = new Figures();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(begin -> {
            for (int i = 0; i < IN_FLIGHT; i++) {
                ask(seconds, over);
            }
        });
        over.await();
        return figures.end();
    }

    private void ask(double seconds, CountDownLatch over) {
        vertx.eventBus().<JsonObject>request("orders", ORDER).onComplete(answer -> {
            if (answer.failed() || answer.result().body().getDouble("total") != 12) {
                throw new IllegalStateException("the handler failed", answer.cause());
            }
            figures.add(1, 0);
            ended = ended || figures.isOver(seconds);
            if (ended) {
                over.countDown();
            } else {
                ask(seconds, over);
            }
        });
    }
}
