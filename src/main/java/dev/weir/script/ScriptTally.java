package dev.weir.script;

import java.util.concurrent.atomic.LongAdder;

/** What all instances of one script did since the node started. Thread-safe. */
public final class ScriptTally {
    private final LongAdder runs = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder restarts = new LongAdder();

    static ScriptTally shown(String script, ScriptMeters meters) {
        ScriptTally tally = new ScriptTally();
        meters.counter("weir_script_runs", "Times a script was entered", script, tally, each -> each.runs.sum());
        meters.counter("weir_script_errors", "Errors nobody caught", script, tally, each -> each.errors.sum());
        meters.counter(
                "weir_script_restarts",
                "Starts after an error or a change",
                script,
                tally,
                each -> each.restarts.sum());
        meters.counter(
                "weir_script_seconds",
                "Time its event loops spent in a script",
                script,
                tally,
                each -> each.nanos.sum() / 1e9);
        return tally;
    }

    void ran(long took) {
        runs.increment();
        nanos.add(took);
    }

    void error() {
        errors.increment();
    }

    void restarted() {
        restarts.increment();
    }
}
