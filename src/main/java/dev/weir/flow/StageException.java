package dev.weir.flow;

/** Something is wrong with an event that trying again does not mend, said for people. */
public class StageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong, where, and how to mend it. */
    public StageException(String message) {
        super(message);
    }

    /** The same with what it comes from. */
    public StageException(String message, Throwable cause) {
        super(message, cause);
    }
}
