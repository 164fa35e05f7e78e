package dev.weir.bus;

import dev.weir.event.InvalidEventException;
import org.jspecify.annotations.Nullable;

/**
 * A request that was refused, and changed nothing. The message may reach the client; what only operators should know goes to
 * the log. Carries no stack trace: a refusal is an answer, not a bug.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final FailureCode code;
    private final long retryAfterMillis;
    private final @Nullable String pointer;
    private final int index;

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
        this(code, message, retryAfterMillis, null, -1);
    }

    private Refusal(FailureCode code, String message, long retryAfterMillis, @Nullable String pointer, int index) {
        super(message, null, false, false);
        this.code = code;
        this.retryAfterMillis = retryAfterMillis;
        this.pointer = pointer;
        this.index = index;
    }

    /** The refusal of an event that breaks CloudEvents or cannot be read. */
    public static Refusal of(InvalidEventException bad) {
        FailureCode code = bad.isSyntax() ? FailureCode.INVALID_JSON : FailureCode.INVALID_EVENT;
        return new Refusal(code, String.valueOf(bad.getMessage()), 1_000, null, bad.index());
    }

    /** The same, and the place in the data that is wrong, as a JSON Pointer. */
    public Refusal at(String jsonPointer) {
        return new Refusal(code, text(), retryAfterMillis, jsonPointer, index);
    }

    /** The same, about one event of a batch, counted from zero. */
    public Refusal ofEvent(int inBatch) {
        return new Refusal(code, text(), retryAfterMillis, pointer, inBatch);
    }

    private String text() {
        return String.valueOf(getMessage());
    }

    /** The place in the data that is wrong, as a JSON Pointer; null when it is not about a place. */
    public @Nullable String pointer() {
        return pointer;
    }

    /** Which event of a batch it is about, counted from zero; -1 when it is not about one. */
    public int index() {
        return index;
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
