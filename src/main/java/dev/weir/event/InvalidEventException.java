package dev.weir.event;

/**
 * An event that breaks CloudEvents 1.0, or cannot be read as one.
 *
 * <p>The message is written for whoever sent the event: it names the place and the mend. It carries no stack trace, because it
 * describes an input and is thrown once per bad request.
 */
public final class InvalidEventException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String attribute;

    /**
     * Creates the exception.
     *
     * @param attribute the attribute at fault, as in {@code source}; {@code data} for the payload, {@code body} for the whole
     *     document; in a batch with its index in front, as in {@code [3].source}
     * @param message what is wrong and how to mend it, a full sentence that names the attribute
     */
    public InvalidEventException(String attribute, String message) {
        super(message);
        this.attribute = attribute;
    }

    /** The attribute at fault. */
    public String attribute() {
        return attribute;
    }

    /** The same fault, placed at an index of a batch (from 0). */
    InvalidEventException at(int index) {
        return new InvalidEventException("[" + index + "]." + attribute, "event " + index + ": " + getMessage());
    }

    /** Bad input is no bug: no stack is walked. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // does nothing, so there is nothing to guard
    public Throwable fillInStackTrace() {
        return this;
    }
}
