package dev.weir.observe.tap;

/** Makes whole events out of a rate and the time that has passed. Owned by one event loop. */
final class Allowance {
    private static final double NANOS_A_SECOND = 1_000_000_000;

    private final int rate;
    private double part;
    private long nanos;

    /** @param rate in events a second, at least 1 */
    Allowance(int rate, long nanos) {
        this.rate = rate;
        this.nanos = nanos;
    }

    /** How many more there are than the last time, at most a second's. */
    int grant(long now) {
        part = Math.min(rate, part + rate * ((now - nanos) / NANOS_A_SECOND));
        nanos = now;
        int whole = (int) part;
        part -= whole;
        return whole;
    }
}
