package dev.weir.bench;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal within one process, beside raw inserts into the same kind of store: appends by batch and by events in flight, with ids of
 * the producers, with {@code keep: {events: 1000}}, and a replay. Prints one line of JSON for each figure.
 *
 * <p>Usage: {@code JournalBench FOLDER SECONDS [postgresql://USER@HOST:PORT/DATABASE]}; {@code -Donly=REGEX} chooses figures by name.
 */
public final class JournalBench {
    private static final List<Integer> SIZES = List.of(100, 1000);
    private static final double WARM = 4;
    private static final String ONLY = System.getProperty("only", ".*");

    /** Makes one figure. */
    private interface Measure {
        Figures run(double seconds) throws Exception;
    }

    private final Target target;
    private final double seconds;
    private final boolean print;

    private JournalBench(Target target, double seconds, boolean print) {
        this.target = target;
        this.seconds = seconds;
        this.print = print;
    }

    public static void main(String[] args) throws Exception {
        @Nullable String uri = args.length > 2 ? args[2] : null;
        Target target = new Target(Path.of(args[0]), uri);
        double seconds = Double.parseDouble(args[1]);
        // Once for the JIT compiler, which is at work for some ten seconds of each, and then for the figures.
        new JournalBench(target, Math.max(1.5, WARM * seconds), false).run();
        new JournalBench(target, seconds, true).run();
        System.exit(0);
    }

    private void run() throws Exception {
        RawInserts raw = new RawInserts(target);
        EngineRuns engine = new EngineRuns(target);
        measure("raw commit", time -> raw.run(1, time));
        for (int batch : SIZES) {
            measure("raw " + batch, time -> raw.run(batch, time));
            measure("raw rows " + batch, time -> raw.rows(batch, time));
            if (target.uri() != null) {
                measure("raw copy " + batch, time -> raw.copy(batch, time));
            }
            measure("engine " + batch, time -> engine.append(batch, time, false));
        }
        measure("engine own ids 1000", time -> engine.append(1000, time, true));
        try (NodeRuns node = new NodeRuns(target)) {
            measure("node 1", time -> node.append("all", 1, time));
            for (int inFlight : SIZES) {
                measure("node " + inFlight, time -> node.append("all", inFlight, time));
                measure("node keep 1000 " + inFlight, time -> node.append("thousand", inFlight, time));
            }
            measure("node own ids 1000", time -> node.appendNamed("all", 1000, time));
            measure("replay", time -> node.replay("all"));
        }
    }

    private void measure(String name, Measure measure) throws Exception {
        if (!name.matches(ONLY)) {
            return;
        }
        Figures figures = measure.run(seconds);
        if (print) {
            System.out.printf(
                    "{\"what\":\"%s\",\"events_per_s\":%.0f,\"p50_us\":%.0f,\"p99_us\":%.0f,\"cpu_s_per_m\":%.2f}%n",
                    name, figures.perSecond(), figures.micros(0.5), figures.micros(0.99), figures.cpuPerMillion());
        }
    }
}
