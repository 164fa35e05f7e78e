package dev.weir.source.file;

/**
 * The elements of one JSON array. Looks at brackets and strings only; what is wrong inside of an element is for its parser, and
 * the next element is found all the same unless brackets or quotes are missing.
 */
final class ArraySplitter extends Splitter {
    private enum State {
        BEFORE,
        FIRST,
        NEXT,
        SCALAR,
        CONTAINER,
        STRING,
        ESCAPE,
        BEHIND,
        DONE
    }

    private State state;
    private int depth;

    /** @param inside whether the file is read from behind an element */
    ArraySplitter(boolean inside) {
        state = inside ? State.BEHIND : State.BEFORE;
    }

    @Override
    int scan(byte[] bytes, int base, int limit) throws BadRecordException {
        for (int i = base + at; i < limit; i++) {
            byte next = bytes[i];
            lines += next == '\n' ? 1 : 0;
            at = i - base;
            if (isInside()) {
                int length = inside(next);
                if (length >= 0) {
                    return length;
                }
            } else if (!Bytes.isSpace(next)) {
                state = between(next);
            }
        }
        at = limit - base;
        return -1;
    }

    private boolean isInside() {
        return switch (state) {
            case SCALAR, CONTAINER, STRING, ESCAPE -> true;
            default -> false;
        };
    }

    private State between(byte next) throws BadRecordException {
        return switch (state) {
            case BEFORE -> expect(next == '[', next, "a JSON array, [ (or is it format: ndjson?)", State.FIRST);
            case BEHIND -> next == ']' ? State.DONE : expect(next == ',', next, "a comma or ]", State.NEXT);
            case DONE -> throw new BadRecordException("'" + (char) next + "' follows the end of the array");
            default -> next == ']' && state == State.FIRST ? State.DONE : begin(next);
        };
    }

    private static State expect(boolean met, byte found, String expected, State then) throws BadRecordException {
        if (!met) {
            throw new BadRecordException("found '" + (char) found + "', expected " + expected);
        }
        return then;
    }

    private State begin(byte next) throws BadRecordException {
        start = at;
        depth = 0;
        return switch (next) {
            case '"' -> State.STRING;
            case '{', '[' -> {
                depth = 1;
                yield State.CONTAINER;
            }
            case ',', ']', '}', ':' -> throw new BadRecordException("found '" + (char) next + "', expected a value");
            default -> State.SCALAR;
        };
    }

    /** The record's length when it ends with this byte, else -1. */
    private int inside(byte next) {
        switch (state) {
            case ESCAPE -> state = State.STRING;
            case STRING -> {
                if (next == '\\') {
                    state = State.ESCAPE;
                } else if (next == '"') {
                    state = State.CONTAINER;
                    return depth == 0 ? end(at + 1) : -1;
                }
            }
            case SCALAR -> {
                if (next == ',' || next == ']' || Bytes.isSpace(next)) {
                    lines -= next == '\n' ? 1 : 0;
                    return end(at);
                }
            }
            default -> {
                return container(next);
            }
        }
        return -1;
    }

    private int container(byte next) {
        switch (next) {
            case '"' -> state = State.STRING;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {
                return -1;
            }
        }
        return depth == 0 ? end(at + 1) : -1;
    }

    private int end(int length) {
        state = State.BEHIND;
        return length;
    }

    @Override
    int last(int left) throws BadRecordException {
        if (state == State.DONE) {
            return 0;
        }
        throw new BadRecordException(
                isInside() ? "the file ends inside an element" : "the file ends before the array does; add ]");
    }
}
