package dev.weir.node;

import dev.weir.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the whole process stood still, stopped or without memory, for so long that the other nodes have given it up. They
 * would find each other again only after Hazelcast's merge delays; until then its sessions would hear nothing of the others. On a
 * thread of its own, so that a blocked event loop is not taken for it.
 */
final class StallWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Clock clock;
    private final Duration most;
    private final BooleanSupplier withOthers;
    private final Consumer<Duration> stalled;
    private long lastNanos;
    private boolean others;

    /** One that has just looked. */
    StallWatch(Clock clock, Duration most, BooleanSupplier withOthers, Consumer<Duration> stalled) {
        this.clock = clock;
        this.most = most;
        this.withOthers = withOthers;
        this.stalled = stalled;
        this.lastNanos = clock.nanos();
        this.others = withOthers.getAsBoolean();
    }

    /**
     * Watches from now on.
     *
     * @param most how long the node may stand still
     * @param active false once it need not be watched any more
     * @param withOthers whether there are other nodes that could have given it up
     * @param stalled told how long the node stood still
     */
    static void start(
            Clock clock,
            Duration most,
            BooleanSupplier active,
            BooleanSupplier withOthers,
            Consumer<Duration> stalled) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread watching = new Thread(task, "weir-stalls");
            watching.setDaemon(true);
            return watching;
        });
        StallWatch watch = new StallWatch(clock, most, withOthers, stalled);
        ScheduledFuture<?> looking = thread.scheduleWithFixedDelay(
                () -> {
                    if (active.getAsBoolean()) {
                        watch.look();
                    } else {
                        thread.shutdown();
                    }
                },
                EVERY.toMillis(),
                EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
        LOG.debug("stalls are watched for: {}", !looking.isDone());
    }

    /** Compares the time with that of the look before. */
    void look() {
        Duration stood = Duration.ofNanos(clock.nanos() - lastNanos);
        lastNanos = clock.nanos();
        if (others && stood.compareTo(most) > 0) {
            stalled.accept(stood);
        }
        others = withOthers.getAsBoolean();
    }
}
