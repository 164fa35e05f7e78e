package dev.weir.source.file;

/** One line, one record. */
final class LineSplitter extends Splitter {
    @Override
    int scan(byte[] bytes, int base, int limit) {
        int end = Bytes.find(bytes, base + at, limit, (byte) '\n', (byte) '\n');
        at = end - base;
        if (end == limit) {
            return -1;
        }
        lines = 1;
        return at + 1;
    }

    @Override
    int last(int left) {
        return left;
    }
}
