package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.KeptJson;
import dev.weir.bus.Refusal;
import dev.weir.bus.RetryPolicy;
import dev.weir.event.EventHeaders;
import dev.weir.expression.ExpressionException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of events that a stage cannot process. Owned by the lane's event loop. */
final class Mishaps {
    private static final Logger LOG = LoggerFactory.getLogger(Mishaps.class);
    private static final int LONGEST_ERROR = 1_000;
    private static final String TYPE = "flow-error";

    private final String flow;
    private final StageSpec spec;
    private final ErrorPolicy policy;
    private final Lane lane;
    private final StageCounts counts;

    Mishaps(String flow, StageSpec spec, ErrorPolicy policy, Lane lane, StageCounts counts) {
        this.flow = flow;
        this.spec = spec;
        this.policy = policy;
        this.lane = lane;
        this.counts = counts;
    }

    /** What is said of an error to users. */
    static String textOf(Throwable error) {
        boolean saysAll = error instanceof StageException || error instanceof ExpressionException;
        String text = saysAll || (error instanceof Refusal && error.getMessage() != null)
                ? String.valueOf(error.getMessage())
                : error.getMessage() == null ? error.toString() : error.getMessage();
        return text.length() > LONGEST_ERROR ? text.substring(0, LONGEST_ERROR) : text;
    }

    private static boolean isForGood(Throwable error) {
        return error instanceof StageException
                || error instanceof ExpressionException
                || (error instanceof Refusal refusal && !refusal.code().retryable());
    }

    /** After which pause it is tried again; negative when it is not. */
    long pauseMillis(Throwable error, int attempts) {
        RetryPolicy retry = policy.retry();
        if (retry == null || isForGood(error) || retry.isExhausted(attempts)) {
            return -1;
        }
        long pause = retry.pauseAfter(attempts).toMillis();
        return error instanceof LaterException later
                ? Math.max(pause, later.pause().toMillis())
                : pause;
    }

    /** Whether the event need not wait, after that pause or for the flow to be resumed. */
    boolean isLast(long pauseMillis) {
        return pauseMillis < 0 && policy.then() != ErrorPolicy.Then.STOP;
    }

    /** What is done with an event in the end. */
    ErrorPolicy.Then then() {
        return policy.then();
    }

    /** Does what is to be done in the end; false when the flow stops and the event stays. */
    boolean settle(FlowEvent event, int attempts, List<FlowCommit.Failure> failures, Throwable error) {
        String why = textOf(error);
        Asker asker = event.arrival().asker();
        if (asker != null && policy.then() != ErrorPolicy.Then.STOP) {
            asker.fail(why);
        }
        switch (policy.then()) {
            case STOP -> {
                lane.stop("stage '" + spec.id() + "': " + why);
                return false;
            }
            case DROP -> {
                counts.dropped.increment();
                LOG.warn("flow {}, stage {}: {} is dropped: {}", flow, spec.id(), event.id(), why);
            }
            case EMIT -> emit(event, attempts, why);
            case DEAD_LETTER -> bury(event, attempts, failures, isForGood(error));
        }
        return true;
    }

    /** Where it may not wait for another attempt, nor for the flow to be resumed. */
    void settleNow(FlowEvent event, int attempts, List<FlowCommit.Failure> failures, Throwable error) {
        if (policy.then() == ErrorPolicy.Then.STOP) {
            bury(event, attempts, failures, true);
        } else {
            settle(event, attempts, failures, error);
        }
    }

    private void bury(FlowEvent event, int attempts, List<FlowCommit.Failure> failures, boolean rejected) {
        counts.dead.increment();
        // What a stage made of it may be what cannot be kept.
        boolean isOdd = event.arrival().place() != null && lane.unkeepable(event) != null;
        lane.dead(new FlowCommit.Dead(
                lane.nextId(),
                event.arrival().partition(),
                spec.stateName(),
                lane.clock().millis(),
                rejected ? "rejected" : "attempts",
                attempts,
                failures,
                event.arrival().place(),
                isOdd ? event.arrival().headers() : event.waiting(),
                event.data()));
    }

    private void emit(FlowEvent event, int attempts, String why) {
        String address = policy.emitTo();
        if (address == null) {
            return;
        }
        MultiMap headers = event.emission().set(EventHeaders.TYPE, TYPE);
        JsonObject data = new JsonObject()
                .put("flow", flow)
                .put("stage", spec.id())
                .put("error", why)
                .put("attempts", attempts)
                .put("event", KeptJson.of(event.waiting(), event.data()));
        try {
            Future<?> published = lane.publish(null, address, headers, data);
            if (published != null) {
                published.onFailure(failure -> lost(event, address, failure));
            }
        } catch (RuntimeException refused) {
            lost(event, address, refused);
        }
    }

    private void lost(FlowEvent event, String address, Throwable failure) {
        counts.dropped.increment();
        LOG.error("flow {}: {} could not be told of on {}: {}", flow, event.id(), address, textOf(failure));
    }
}
