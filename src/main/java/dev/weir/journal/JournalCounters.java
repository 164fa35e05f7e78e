package dev.weir.journal;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What a journal counts since the node started. Written by its writer, read by metrics. */
public final class JournalCounters {
    /** Events that were kept. */
    public final LongAdder events = new LongAdder();

    /** Events that had been kept before. */
    public final LongAdder repeats = new LongAdder();

    /** Transactions; the events of one belong to any number of producers. */
    public final LongAdder commits = new LongAdder();

    /** How long they took, in nanoseconds. */
    public final LongAdder commitNanos = new LongAdder();

    /** How often the engine broke down and had to be opened again. */
    public final LongAdder failures = new LongAdder();

    void committed(List<Outcome> outcomes, long nanos) {
        commits.increment();
        commitNanos.add(nanos);
        long fresh = 0;
        long all = 0;
        for (Outcome outcome : outcomes) {
            fresh += outcome.fresh();
            all += outcome.offsets().length;
        }
        events.add(fresh);
        repeats.add(all - fresh);
    }
}
