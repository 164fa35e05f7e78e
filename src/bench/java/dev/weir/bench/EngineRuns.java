package dev.weir.bench;

import dev.weir.journal.Append;
import dev.weir.journal.Engine;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The engine alone, called as the journal's writer calls it. */
final class EngineRuns {
    private final Target target;

    EngineRuns(Target target) {
        this.target = target;
    }

    /** @param named whether the producers choose the ids, so that repeats are looked for */
    Figures append(int batch, double seconds, boolean named) throws IOException, JournalException {
        try (Engine engine = target.engine()) {
            engine.open(System.currentTimeMillis());
            Figures figures = new Figures();
            for (long number = 1; !figures.isOver(seconds); ) {
                long begun = System.nanoTime();
                List<EventRow> rows = new ArrayList<>(batch);
                for (int i = 0; i < batch; i++) {
                    rows.add(row(number++, named));
                }
                engine.commit(List.of(new Append("orders", Target.ALL, rows)), System.currentTimeMillis());
                figures.add(batch, System.nanoTime() - begun);
            }
            return figures.end();
        }
    }

    private static EventRow row(long number, boolean named) {
        return new EventRow(
                "abcdefgh-" + number,
                Sample.SOURCE,
                Sample.TYPE,
                Sample.SUBJECT,
                Sample.TIME,
                null,
                named,
                Sample.HEADERS,
                EventRow.JSON,
                Sample.bytes());
    }
}
