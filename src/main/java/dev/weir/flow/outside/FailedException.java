package dev.weir.flow.outside;

/** Somebody outside did not do what was asked, and may do it next time. Carries no stack trace: it happens often. */
public final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What happened, for people. */
    public FailedException(String message) {
        super(message, null, false, false);
    }
}
