package dev.weir.source.file;

/**
 * Finds where records end, and goes on where it stopped when more bytes have come. Places are counted from where the record began,
 * since the window moves. One thread at a time.
 */
abstract class Splitter {
    /** How far it has looked. */
    protected int at;

    /** Where the record's own bytes begin, behind what only separates it from the one before. */
    protected int start;

    /** Line ends from where the record began. */
    protected int lines;

    /**
     * Looks on.
     *
     * @param base where the record begins
     * @return the length of the record with its end; -1 when it needs more bytes
     * @throws BadRecordException when nothing behind this place can be read
     */
    abstract int scan(byte[] bytes, int base, int limit) throws BadRecordException;

    /**
     * The file ends here.
     *
     * @param left the bytes from where the record began
     * @return the length of the last record, 0 when there is none
     * @throws BadRecordException when the file must not end here
     */
    abstract int last(int left) throws BadRecordException;

    /** The record was taken; the next one begins behind it. */
    void next() {
        at = 0;
        start = 0;
        lines = 0;
    }

    /** What was looked at is no longer in memory. */
    void forget() {
        at = 0;
        start = 0;
    }

    int start() {
        return start;
    }

    int lines() {
        return lines;
    }
}
