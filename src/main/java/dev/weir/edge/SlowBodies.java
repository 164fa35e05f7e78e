package dev.weir.edge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends requests whose body does not come in time, so that slow senders hold no connections. Bodies that are on their way form a
 * list, the oldest first, which costs a request two links and no timer. Owned by its event loop.
 */
public final class SlowBodies {
    private static final Duration SWEEP = Duration.ofSeconds(1);

    /** A body that is on its way. */
    public abstract static class Body {
        private final HttpServerRequest request;
        private long beganNanos;
        private @Nullable SlowBodies list;
        private @Nullable Body older;
        private @Nullable Body newer;

        /** @param request whose body it is */
        protected Body(HttpServerRequest request) {
            this.request = request;
        }

        /** It is complete, or nobody waits for it any more; does nothing from the second time on. */
        public final void arrived() {
            SlowBodies in = list;
            if (in != null) {
                list = null;
                in.remove(this);
            }
        }

        /** It took too long: the request is to be answered with the refusal, then its connection ends. */
        protected abstract void tooSlow(Refusal refusal);
    }

    private final Clock clock;
    private final long patienceNanos;
    private @Nullable Body oldest;
    private @Nullable Body newest;

    /** @param patience how long a body may take */
    SlowBodies(Clock clock, Timers timers, Duration patience) {
        this.clock = clock;
        this.patienceNanos = patience.toNanos();
        timers.every(SWEEP, this::sweep);
    }

    /** A request's head came and its body is wanted, until {@link Body#arrived()}. */
    public void begin(Body body) {
        body.beganNanos = clock.nanos();
        body.list = this;
        Body before = newest;
        body.older = before;
        newest = body;
        if (before == null) {
            oldest = body;
        } else {
            before.newer = body;
        }
    }

    private void remove(Body body) {
        Body older = body.older;
        Body newer = body.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        body.older = null;
        body.newer = null;
    }

    private void sweep() {
        long now = clock.nanos();
        for (Body body = oldest; body != null && now - body.beganNanos > patienceNanos; body = oldest) {
            body.arrived();
            end(body);
        }
    }

    private static void end(Body body) {
        HttpServerRequest request = body.request;
        if (!request.response().headWritten()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        body.tooSlow(new Refusal(FailureCode.TOO_SLOW, "the body did not come in time; see http.body-timeout"));
        request.connection().close();
    }
}
