package dev.weir.flow;

/** Others would be asked about an event, and a dry run asks nobody: what comes of the event is not known. */
public final class NotCalledException extends StageException {
    private static final long serialVersionUID = 1;

    NotCalledException(String stage) {
        super("'" + stage + "' is not called in a dry run");
    }
}
