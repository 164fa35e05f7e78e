package dev.weir.journal;

/** An engine could not do what it was asked; nothing of it was applied, as far as anybody was told. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message for operators: what failed and how to mend it where that is known */
    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
