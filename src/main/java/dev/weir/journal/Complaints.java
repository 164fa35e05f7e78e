package dev.weir.journal;

import dev.weir.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what does not work, and once a minute that it still does not: what asks each second would fill it. Thread-safe. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
    private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private record Said(String what, long atNanos) {}

    private final Clock clock;
    private final AtomicReference<@Nullable Said> last = new AtomicReference<>();

    Complaints(Clock clock) {
        this.clock = clock;
    }

    /** Whether it was said now. */
    boolean say(String what) {
        Said before = last.get();
        long now = clock.nanos();
        boolean known = before != null && before.what.equals(what) && now - before.atNanos < AGAIN_NANOS;
        if (known || !last.compareAndSet(before, new Said(what, now))) {
            return false;
        }
        LOG.warn("{}", what);
        return true;
    }
}
