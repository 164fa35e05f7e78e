package dev.weir.time;

/** The machine's clock. */
final class SystemClock implements Clock {
    static final Clock INSTANCE = new SystemClock();

    private SystemClock() {}

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
