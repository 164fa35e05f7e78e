package dev.weir.flow;

import java.time.Duration;

/** Something failed that may go well later, and whoever refused said how much later. Carries no stack trace: it is an answer. */
public final class LaterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Duration pause;

    /** @param pause how long not to try again */
    public LaterException(String message, Duration pause) {
        super(message, null, false, false);
        this.pause = pause;
    }

    /** How long not to try again; zero when nothing was said. */
    public Duration pause() {
        return pause;
    }
}
