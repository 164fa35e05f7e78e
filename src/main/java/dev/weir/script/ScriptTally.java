package dev.weir.script;

import dev.weir.bus.Tail;
import dev.weir.bus.VerticleState;
import dev.weir.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What all instances of one script did since the node started. Thread-safe. */
public final class ScriptTally {
    private static final int LINES = 200;
    private static final int FAILURES = 20;

    private final Clock clock;
    private final LongAdder runs = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder restarts = new LongAdder();
    private final Tail log = new Tail(LINES);
    private final Tail failures = new Tail(FAILURES);
    /** Whether each instance that is there runs; else it waits to start again. */
    private final Map<Object, Boolean> instances = new ConcurrentHashMap<>();

    /** One nobody sees. */
    ScriptTally() {
        this(Clock.system());
    }

    private ScriptTally(Clock clock) {
        this.clock = clock;
    }

    static ScriptTally shown(String script, ScriptMeters meters, Clock clock) {
        ScriptTally tally = new ScriptTally(clock);
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

    void said(String level, String text) {
        log.add(clock.millis(), level, text);
    }

    void failed(String error) {
        failures.add(clock.millis(), "error", error);
    }

    void runs(Object instance) {
        instances.put(instance, true);
    }

    void waits(Object instance) {
        instances.put(instance, false);
    }

    void gone(Object instance) {
        instances.remove(instance);
    }

    /** What its event loops did for it. */
    public VerticleState.Work work() {
        return new VerticleState.Work(runs.sum(), nanos.sum());
    }

    /** Instances that run now. */
    public int running() {
        return (int) instances.values().stream().filter(running -> running).count();
    }

    /** Instances that wait to start again after an error. */
    public int waiting() {
        return instances.size() - running();
    }

    /** Errors nobody caught. */
    public long errors() {
        return errors.sum();
    }

    /** Starts after an error or a change. */
    public long restarts() {
        return restarts.sum();
    }

    /** The last lines of its console. */
    public Tail log() {
        return log;
    }

    /** The last errors, with their places. */
    public Tail failures() {
        return failures;
    }
}
