package dev.weir.edge.bridge;

import dev.weir.bus.Authorizer;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.edge.fanout.Start;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code register} frame says of where to begin, and its answer: on a journaled address before the first event, elsewhere
 * when the registration is complete. Owned by the session's event loop.
 */
final class Resuming {
    private static final int MOST_REWIND = 10_000;

    private final Frame frame;
    private final Answers answers;
    private boolean answered;

    Resuming(Frame frame, Answers answers) {
        this.frame = frame;
        this.answers = answers;
    }

    /** Where to begin; who may not read history begins now. Fails with a {@link Refusal} when the frame is wrong. */
    Future<Start> start(Authorizer authorizer, Policy policy, Principal who) {
        String sinceText = frame.headers().get(Wire.SINCE);
        String rewindText = frame.headers().get(Wire.REWIND);
        boolean values = policy.keepsValues() && rewindText == null;
        if (!policy.isJournaled() || (sinceText == null && rewindText == null && !values)) {
            return Future.succeededFuture(start(null, 0, false, null));
        }
        Position since = Position.parse(sinceText);
        if (sinceText != null && since == null) {
            return bad(Wire.SINCE + " is not a position: write it as <epoch>:<offset>");
        }
        int rewind = rewind(rewindText);
        if (rewind < 0) {
            return bad(Wire.REWIND + " is a whole number from 0 to " + MOST_REWIND);
        }
        return authorizer
                .check(policy, who, Action.HISTORY, frame.address(), EventHeaders.DEFAULT_TYPE)
                .map(allowed -> start(since, rewind, values, null))
                .otherwise(refused -> start(since, rewind, values, FailureCode.ACCESS_DENIED));
    }

    private Start start(@Nullable Position since, int rewind, boolean values, @Nullable FailureCode refused) {
        return new Start(since, rewind, values, refused, began -> {
            answered = true;
            if (frame.speaksWeir()) {
                answers.registered(frame.address(), began);
            }
        });
    }

    private static int rewind(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            int number = Integer.parseInt(text);
            return number > MOST_REWIND ? -1 : number;
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    private static Future<Start> bad(String message) {
        return Future.failedFuture(new Refusal(FailureCode.INVALID_PARAMETER, message));
    }

    /** The registration is complete. */
    void complete() {
        if (!answered && frame.speaksWeir()) {
            answers.registered(frame);
        }
    }
}
