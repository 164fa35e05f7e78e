package dev.weir.cli;

/** A command line that makes no sense; the message says how to mend it. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
