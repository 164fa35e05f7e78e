package dev.weir.journal;

import org.jspecify.annotations.Nullable;

/** An engine could not do what it was asked; nothing of it was applied, as far as anybody was told. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String mend;
    private final boolean ofEvents;

    /** @param message for operators: what failed and how to mend it where that is known */
    public JournalException(String message, Throwable cause) {
        this(message, null, false, cause);
    }

    /**
     * What trying again does not mend.
     *
     * @param mend what the operator has to do
     */
    public JournalException(String message, String mend, Throwable cause) {
        this(message, mend, false, cause);
    }

    private JournalException(String message, @Nullable String mend, boolean ofEvents, Throwable cause) {
        super(message, cause);
        this.mend = mend;
        this.ofEvents = ofEvents;
    }

    /** Something among what was to be kept cannot be; the store is well, and the rest may be kept without it. */
    public static JournalException ofEvents(String message, Throwable cause) {
        return new JournalException(message, null, true, cause);
    }

    /** Whether the events are at fault and not the store. */
    public boolean isOfEvents() {
        return ofEvents;
    }

    /** What the operator has to do; null when it may pass by itself. */
    public @Nullable String mend() {
        return mend;
    }
}
