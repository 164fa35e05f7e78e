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
    private final boolean syntax;
    private final int index;

    /**
     * Creates the exception.
     *
     * @param attribute the attribute at fault, as in {@code source}; {@code data} for the payload, {@code body} for the whole
     *     document; in a batch with its index in front, as in {@code [3].source}
     * @param message what is wrong and how to mend it, a full sentence that names the attribute
     */
    public InvalidEventException(String attribute, String message) {
        this(attribute, message, false, -1);
    }

    private InvalidEventException(String attribute, String message, boolean syntax, int index) {
        super(message);
        this.attribute = attribute;
        this.syntax = syntax;
        this.index = index;
    }

    /** Text that is not even JSON. */
    static InvalidEventException notJson(String attribute, String why) {
        return new InvalidEventException(attribute, "the text is not JSON: " + why, true, -1);
    }

    /** The attribute at fault. */
    public String attribute() {
        return attribute;
    }

    /** Whether the text is not JSON at all, rather than JSON that is no valid event. */
    public boolean isSyntax() {
        return syntax;
    }

    /** Which event of a batch is at fault, from 0; -1 when it is not about one. */
    public int index() {
        return index;
    }

    /** The same fault, placed at an index of a batch (from 0). */
    InvalidEventException at(int place) {
        return new InvalidEventException(
                "[" + place + "]." + attribute, "event " + place + ": " + getMessage(), syntax, place);
    }

    /** Bad input is no bug: no stack is walked. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // does nothing, so there is nothing to guard
    public Throwable fillInStackTrace() {
        return this;
    }
}
