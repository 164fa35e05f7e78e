package dev.weir.expression;

/**
 * An expression has no value for what it was given. The message names the path and the mend. It has no stack trace, as it says
 * something about data and is thrown once per event.
 */
public final class ExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;

    /**
     * @param text the expression as written
     * @param message what is wrong, and the mend
     */
    public ExpressionException(String text, String message) {
        super(message, null, false, false);
        this.text = text;
    }

    /** The expression as written. */
    public String text() {
        return text;
    }
}
