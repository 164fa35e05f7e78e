package dev.weir.script;

/** A script that could not be deployed; the message says file, line and why. */
public final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;

    ScriptException(String message) {
        this(message, 1);
    }

    /** @param code what a program ends with that ends by this */
    ScriptException(String message, int code) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What a program ends with that ends by this. */
    public int code() {
        return code;
    }
}
