package dev.weir.source.file;

import org.jspecify.annotations.Nullable;

/** Makes JSON values of the bytes of records. One thread at a time. */
interface RecordParser {
    /** For bytes that are no event and no mistake: a blank line, the names of columns. */
    Object NOTHING = new Object();

    /**
     * Reads one record.
     *
     * @param bytes hold it, perhaps with its line end, from {@code from} to {@code to}
     * @return a JSON value or {@link #NOTHING}
     */
    @Nullable
    Object parse(byte[] bytes, int from, int to) throws BadRecordException;

    /** The bytes that the parser reads have changed their place. */
    default void moved() {}
}
