package dev.weir.source.file;

import java.io.Serial;

/** Bytes that are no record. Without stack trace: a file may have millions of them, and the message says all. */
final class BadRecordException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    BadRecordException(String message) {
        super(message, null, false, false);
    }

    /** For people. */
    String said() {
        return String.valueOf(getMessage());
    }
}
