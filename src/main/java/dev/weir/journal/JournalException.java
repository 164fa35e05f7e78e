package dev.weir.journal;

import org.jspecify.annotations.Nullable;

/** An engine could not do what it was asked; nothing of it was applied, as far as anybody was told. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String mend;

    /** @param message for operators: what failed and how to mend it where that is known */
    public JournalException(String message, Throwable cause) {
        super(message, cause);
        this.mend = null;
    }

    /**
     * What trying again does not mend.
     *
     * @param mend what the operator has to do
     */
    public JournalException(String message, String mend, Throwable cause) {
        super(message, cause);
        this.mend = mend;
    }

    /** What the operator has to do; null when it may pass by itself. */
    public @Nullable String mend() {
        return mend;
    }
}
