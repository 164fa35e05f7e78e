package dev.weir.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** How many events there were in how long, and how long the waits were. Owned by one thread. */
final class Figures {
    private static final int MOST = 200_000;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final long begunNanos = System.nanoTime();
    private final long begunCpuNanos = SYSTEM.getProcessCpuTime();
    private final long[] waits = new long[MOST];
    private long endedNanos;
    private long endedCpuNanos;
    private long events;
    private int waited;

    /** Some more events. */
    void add(long more, long waitNanos) {
        events += more;
        if (waited < MOST) {
            waits[waited++] = waitNanos;
        }
    }

    /** It is over. */
    Figures end() {
        endedNanos = System.nanoTime();
        endedCpuNanos = SYSTEM.getProcessCpuTime();
        return this;
    }

    /** Whether it has lasted long enough. */
    boolean isOver(double seconds) {
        return System.nanoTime() - begunNanos > seconds * 1e9;
    }

    double perSecond() {
        return events * 1e9 / (endedNanos - begunNanos);
    }

    /** Processor time of this whole process, with its compiler and garbage collector, in seconds. */
    double cpuPerMillion() {
        return (endedCpuNanos - begunCpuNanos) / 1e3 / Math.max(1, events);
    }

    /** A quantile of the waits. */
    double micros(double quantile) {
        long[] sorted = Arrays.copyOf(waits, waited);
        Arrays.sort(sorted);
        return waited == 0 ? 0 : sorted[(int) (quantile * (waited - 1))] / 1e3;
    }
}
