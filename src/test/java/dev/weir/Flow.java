package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbered events that a session publishes all the time; each waits for the receipt of the one before. */
final class Flow implements AutoCloseable {
    private static final int EVERY_MILLIS = 2;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private final BridgeClient client;
    private final String address;
    private final ScheduledFuture<?> publishing;
    private final ScheduledFuture<?> ticking;
    private final AtomicInteger published = new AtomicInteger();
    private volatile long slowestNanos;
    private volatile long tickedNanos = System.nanoTime();
    private volatile long stoodNanos;

    Flow(NodeProcess node, String address) {
        this.client = BridgeClient.connect(node.port());
        this.address = address;
        this.ticking = watch.scheduleAtFixedRate(this::tick, 0, 5L * EVERY_MILLIS, TimeUnit.MILLISECONDS);
        this.publishing = clock.scheduleAtFixedRate(this::publish, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How long the machine stood still, as far as this process stood still with it. */
    private void tick() {
        long now = System.nanoTime();
        stoodNanos = Math.max(stoodNanos, now - tickedNanos);
        tickedNanos = now;
    }

    private void publish() {
        long begin = System.nanoTime();
        client.send(BridgeClient.frame("publish", address)
                .put("replyAddress", "receipt")
                .put("body", published.get() + 1));
        JsonObject receipt = client.next();
        slowestNanos = Math.max(slowestNanos, System.nanoTime() - begin);
        assertThat(receipt.getString("type")).as(receipt.encode()).isEqualTo("rec");
        published.incrementAndGet();
    }

    /** How many were accepted so far. */
    int published() {
        return published.get();
    }

    /** How long an event had to wait for its receipt so far, at most, without the longest time for which the machine stood still. */
    Duration slowest() {
        return Duration.ofNanos(Math.max(0, slowestNanos - stoodNanos));
    }

    /** Publishes so many more, then no more; answers the number of the last. */
    int last(NodeProcesses cluster, int more) {
        int enough = published.get() + more;
        cluster.await("the flow on " + address + " goes on", NodeProcesses.PATIENCE, () -> {
            if (publishing.isDone()) {
                publishing.get(); // It ended by what is thrown here.
            }
            return published.get() >= enough;
        });
        publishing.cancel(false);
        clock.shutdown();
        try {
            assertThat(clock.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return published.get();
    }

    /** A listener heard everything from a number, or from the first that comes when that is 0, to another. */
    static void heard(BridgeClient listener, int from, int to) {
        int expected = from;
        do {
            int number = listener.next().getInteger("body");
            expected = expected == 0 ? number : expected;
            assertThat(number).isEqualTo(expected++);
        } while (expected <= to);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        ticking.cancel(true);
        watch.shutdownNow();
        client.close();
    }
}
