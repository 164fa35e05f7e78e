package dev.weir.bus;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/** The last lines that something said. Bounded; thread-safe, never waits. */
public final class Tail {
    /** Longest text of a line, in characters. */
    public static final int LONGEST = 2_000;

    /**
     * One line.
     *
     * @param seq from 1, so that who reads again knows what is new
     * @param millis when
     * @param level debug, info, warn or error
     * @param text may have several lines itself
     */
    public record Line(long seq, long millis, String level, String text) {}

    private final int most;
    private final AtomicLong count = new AtomicLong();
    private final ConcurrentLinkedDeque<Line> lines = new ConcurrentLinkedDeque<>();

    /** @param most how many lines are kept */
    public Tail(int most) {
        this.most = most;
    }

    /** Adds a line; one that is too long is cut. */
    public void add(long millis, String level, String text) {
        String kept = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " ...";
        long seq = count.incrementAndGet();
        lines.addLast(new Line(seq, millis, level, kept));
        if (seq > most) {
            lines.pollFirst();
        }
    }

    /** Those that are kept, the oldest first. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** How many there ever were. */
    public long count() {
        return count.get();
    }
}
