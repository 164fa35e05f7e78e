package dev.weir.flow;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What several addresses kept, merged by the times of events; of each address in the order of its log. Used by one thread at a time. */
final class Past {
    private static final int PAGE = 500;
    private static final int LEAST = 20;

    private final List<PastLog> logs;

    Past(List<PastLog> logs) {
        this.logs = List.copyOf(logs);
    }

    /** Reads a page of each log that wants one. */
    Future<Void> fill() {
        int most = Math.max(LEAST, PAGE / Math.max(1, logs.size()));
        return Future.all(logs.stream().map(log -> log.fill(most)).toList()).mapEmpty();
    }

    boolean isOver() {
        return logs.stream().allMatch(PastLog::isOver);
    }

    /** The log whose event is the next; null when it is not known before more is read, or when all are over. */
    @Nullable
    PastLog next() {
        PastLog first = null;
        for (PastLog log : logs) {
            if (log.isWanting()) {
                return null;
            }
            if (!log.isOver() && (first == null || log.nextMillis() < first.nextMillis())) {
                first = log;
            }
        }
        return first;
    }

    JsonArray toJson() {
        JsonArray all = new JsonArray();
        logs.forEach(log -> all.add(log.toJson()));
        return all;
    }
}
