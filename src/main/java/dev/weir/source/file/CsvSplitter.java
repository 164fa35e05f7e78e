package dev.weir.source.file;

/**
 * Records of RFC 4180, which end with a line unless a quoted field goes on. A quote counts only where a field begins; what is
 * wrong inside of a record is for its parser.
 */
final class CsvSplitter extends Splitter {
    private enum State {
        /** No quote so far. */
        PLAIN,
        FIELD,
        UNQUOTED,
        QUOTED,
        QUOTE
    }

    private final byte delimiter;
    private State state = State.PLAIN;

    CsvSplitter(byte delimiter) {
        this.delimiter = delimiter;
    }

    @Override
    int scan(byte[] bytes, int base, int limit) {
        if (state == State.PLAIN) {
            int end = Bytes.find(bytes, base + at, limit, (byte) '\n', (byte) '"');
            if (end == limit) {
                at = end - base;
                return -1;
            }
            if (bytes[end] == '\n') {
                return end(end - base);
            }
            state = State.FIELD;
            at = 0;
        }
        return scanQuotes(bytes, base, limit);
    }

    private int scanQuotes(byte[] bytes, int base, int limit) {
        for (int i = base + at; i < limit; i++) {
            byte next = bytes[i];
            if (next == '\n') {
                if (state != State.QUOTED) {
                    return end(i - base);
                }
                lines++;
            }
            state = after(next);
        }
        at = limit - base;
        return -1;
    }

    private State after(byte next) {
        if (state == State.QUOTED) {
            return next == '"' ? State.QUOTE : State.QUOTED;
        }
        if (next == delimiter) {
            return State.FIELD;
        }
        boolean opens = next == '"' && (state == State.FIELD || state == State.QUOTE);
        return opens ? State.QUOTED : State.UNQUOTED;
    }

    private int end(int place) {
        at = place;
        lines++;
        return place + 1;
    }

    @Override
    int last(int left) throws BadRecordException {
        if (state == State.QUOTED) {
            throw new BadRecordException("the file ends inside a quoted field; close it with \"");
        }
        return left;
    }

    @Override
    void next() {
        super.next();
        state = State.PLAIN;
    }

    /** Without what was looked at it cannot look again for quotes. */
    @Override
    void forget() {
        super.forget();
        state = state == State.PLAIN ? State.UNQUOTED : state;
    }
}
