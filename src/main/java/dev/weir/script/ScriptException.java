package dev.weir.script;

/** A script that could not be deployed; the message says file, line and why. */
public final class ScriptException extends RuntimeException {
    ScriptException(String message) {
        super(message, null, false, false);
    }
}
