package dev.weir.expression;

/** An {@link ExpressionException} on its way to the root of its expression, which knows the text. */
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Fault(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    ExpressionException in(String text) {
        return new ExpressionException(text, reason);
    }
}
