package dev.weir.bus;

/**
 * A request that was refused, and changed nothing. The message may reach the client; what only operators should know goes to
 * the log. Carries no stack trace: a refusal is an answer, not a bug.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final FailureCode code;
    private final long retryAfterMillis;

    /** A refusal with the code's own meaning as message. */
    public Refusal(FailureCode code) {
        this(code, code.meaning());
    }

    /** A refusal with a message for the client. */
    public Refusal(FailureCode code, String message) {
        this(code, message, 1_000);
    }

    /** A refusal that says when to try again, in milliseconds; only meaningful when the code is retryable. */
    public Refusal(FailureCode code, String message, long retryAfterMillis) {
        super(message, null, false, false);
        this.code = code;
        this.retryAfterMillis = retryAfterMillis;
    }

    /** Why. */
    public FailureCode code() {
        return code;
    }

    /** The earliest time at which trying again makes sense, in milliseconds from now. */
    public long retryAfterMillis() {
        return retryAfterMillis;
    }
}
