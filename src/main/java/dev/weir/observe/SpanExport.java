package dev.weir.observe;

import dev.weir.config.TracingConfig.OtlpConfig;
import dev.weir.time.Timers;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings spans to a collector, in batches, one after the other. The recorder's ring is the queue: a collector that is slow or down
 * costs no more memory than there is anyway, and what is written over meanwhile is counted as dropped. Owned by the event loop it is
 * made on; the counters by any thread.
 */
public final class SpanExport {
    static final int BATCH = 512;

    private static final Logger LOG = LoggerFactory.getLogger(SpanExport.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int LOOKS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final Vertx vertx;
    private final Timers timers;
    private final Ring ring;
    private final String node;
    private final LongAdder exported = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private @Nullable OtlpConfig config;
    private @Nullable Collector collector;
    private Timers.@Nullable Timer timer;
    /** The number of the first span that was not handed over. */
    private long from;

    private int looks;
    private int failures;
    private boolean sending;

    /** @param node this node's id */
    public SpanExport(Vertx vertx, SpanRecorder recorder, String node) {
        this.vertx = vertx;
        this.timers = Timers.of(vertx);
        this.ring = recorder.ring();
        this.node = node;
    }

    /** Spans that a collector has taken. */
    public long exported() {
        return exported.sum();
    }

    /** Spans that were written over before a collector took them, or that it refused. */
    public long dropped() {
        return dropped.sum();
    }

    /** Follows a configuration; what was recorded before a collector was named is not sent. */
    public void use(OtlpConfig wanted) {
        if (wanted.equals(config)) {
            return;
        }
        config = wanted;
        end();
        String url = wanted.url();
        if (url != null) {
            collector = new Collector(vertx, url, wanted.headers(), wanted.timeout());
            from = Math.max(from, ring.next());
            failures = 0;
            rest(LOOK);
        }
    }

    /** Whether an answer is awaited. */
    boolean isSending() {
        return sending;
    }

    private void end() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (collector != null) {
            collector.close();
            collector = null;
        }
    }

    private void rest(Duration pause) {
        timer = timers.after(pause, this::look);
    }

    /** Sends when a batch is full, or five seconds after the last one. */
    private void look() {
        timer = null;
        Collector to = collector;
        if (to == null || sending) {
            return;
        }
        looks++;
        long waiting = ring.next() - from;
        if (waiting == 0 || (waiting < BATCH && looks < LOOKS)) {
            rest(LOOK);
            return;
        }
        looks = 0;
        List<Span> batch = take();
        if (batch.isEmpty()) {
            rest(LOOK);
        } else {
            send(to, batch);
        }
    }

    /** The next spans in their order; those that are gone are counted. One that is being written ends the batch. */
    private List<Span> take() {
        List<Span> batch = new ArrayList<>();
        long end = ring.next();
        if (end - from > ring.size()) {
            dropped.add(end - ring.size() - from);
            from = end - ring.size();
        }
        while (from < end && batch.size() < BATCH) {
            Span span = ring.get(from);
            if (span != null) {
                batch.add(span);
            } else if (ring.isGone(from)) {
                dropped.increment();
            } else {
                return batch;
            }
            from++;
        }
        return batch;
    }

    private void send(Collector to, List<Span> batch) {
        OtlpConfig now = config;
        sending = true;
        to.send(now == null ? "weir" : now.service(), node, batch).onComplete(done -> {
            sending = false;
            if (done.failed()) {
                refused(to, batch, done.cause());
            } else {
                taken(batch.size(), done.result());
            }
        });
    }

    private void taken(int sent, long rejected) {
        exported.add(sent - rejected);
        dropped.add(rejected);
        if (failures > 0) {
            LOG.info("the collector takes spans again");
        }
        failures = 0;
        goOn(ring.next() - from >= BATCH ? Duration.ofMillis(1) : LOOK);
    }

    private void refused(Collector to, List<Span> batch, Throwable failure) {
        if (failures++ == 0) {
            LOG.warn("the collector takes no spans: {}", failure.getMessage());
        }
        Duration pause = pauseAfter(failures);
        if (failure instanceof Collector.RefusedException refused) {
            if (!refused.isRetryable()) {
                dropped.add(batch.size());
                goOn(LOOK);
                return;
            }
            Duration asked = refused.after();
            pause = asked != null && asked.compareTo(pause) > 0 ? asked : pause;
        }
        if (to == collector) {
            // The ring has them still, unless they are written over meanwhile.
            from -= batch.size();
        }
        goOn(pause);
    }

    /** Twice as long each time, and not all nodes at once. */
    private static Duration pauseAfter(int failures) {
        long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures - 1, 10));
        return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    private void goOn(Duration pause) {
        if (collector != null && timer == null) {
            looks = LOOKS;
            rest(pause);
        }
    }
}
