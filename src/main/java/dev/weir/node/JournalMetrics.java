package dev.weir.node;

import dev.weir.journal.EngineJournal;
import dev.weir.journal.JournalCounters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Shows what a node's journal counts. Stateless. */
final class JournalMetrics {
    private JournalMetrics() {}

    static void show(EngineJournal journal, MeterRegistry metrics) {
        JournalCounters counters = journal.counters();
        counter(metrics, journal, "weir_journal_events", "Events kept by this node", each -> counters.events.sum());
        counter(
                metrics,
                journal,
                "weir_journal_repeats",
                "Events that had been kept before",
                each -> counters.repeats.sum());
        counter(
                metrics,
                journal,
                "weir_journal_trimmed",
                "Events that retention deleted through this node",
                EngineJournal::trimmed);
        counter(
                metrics,
                journal,
                "weir_journal_failures",
                "How often the journal broke down and had to be opened again",
                each -> counters.failures.sum());
        letters(journal, metrics);
        FunctionTimer.builder(
                        "weir_journal_commit",
                        counters,
                        each -> each.commits.sum(),
                        each -> each.commitNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("Transactions of the journal; events kept per commit is the size of a group")
                .register(metrics);
        Gauge.builder("weir_journal_waiting_bytes", journal, EngineJournal::waitingBytes)
                .description("Bytes waiting to be kept")
                .register(metrics);
        Gauge.builder("weir_journal_up", journal, each -> each.trouble().isEmpty() ? 1 : 0)
                .description("Whether events can be kept now")
                .register(metrics);
    }

    private static void letters(EngineJournal journal, MeterRegistry metrics) {
        counter(
                metrics,
                journal,
                "weir_dead_letters_trimmed",
                "Dead letters that retention deleted through this node",
                EngineJournal::trimmedDeadLetters);
        Gauge.builder("weir_dead_letters", journal, EngineJournal::deadLetters)
                .description("Dead letters there are, on the node that deletes old ones")
                .register(metrics);
    }

    private static void counter(
            MeterRegistry metrics,
            EngineJournal journal,
            String name,
            String description,
            ToDoubleFunction<EngineJournal> value) {
        FunctionCounter.builder(name, journal, value).description(description).register(metrics);
    }
}
