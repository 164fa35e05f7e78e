package dev.weir.journal.hazelcast;

import dev.weir.journal.JournalException;
import dev.weir.journal.Sought;
import dev.weir.journal.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks for events in the rings, some at a time. By any thread; stateless. */
final class RingTraces implements TraceStore {
    private static final int STRETCH = 500;

    private final Logs logs;
    private final Rings rings;

    RingTraces(Logs logs, Rings rings) {
        this.logs = logs;
        this.rings = rings;
    }

    @Override
    public List<Log> logs() throws JournalException {
        List<Log> all = new ArrayList<>();
        for (Map.Entry<String, LogEntry> each : logs.all().entrySet()) {
            LogEntry log = each.getValue();
            all.add(new Log(
                    0, each.getKey(), log.epoch(), log.head(), log.floor(), log.floor() > 0, log.appendedMillis()));
        }
        return all;
    }

    @Override
    public Log before(Log log, long millis) throws JournalException {
        LogEntry now = logs.get(log.address());
        if (now == null || !now.epoch().equals(log.epoch()) || !now.hasEvents()) {
            return log.endingAt(log.floor(), 0);
        }
        long there = rings.oldest(log.address(), now) - 1;
        LogEntry present = there > now.floor() && there < now.head() ? now.withFloor(there) : now;
        try {
            long end = Math.min(log.head(), rings.firstSince(log.address(), present, millis) - 1);
            return end <= present.floor()
                    ? log.endingAt(log.floor(), 0)
                    : log.endingAt(end, rings.appended(log.address(), present, end));
        } catch (Gone overwritten) {
            return log;
        }
    }

    @Override
    public Stretch look(Log log, long to, Sought sought, int limit) throws JournalException {
        LogEntry now = logs.get(log.address());
        if (now == null || !now.epoch().equals(log.epoch())) {
            return new Stretch(List.of(), log.floor(), 0, 0);
        }
        long there = now.hasEvents() ? rings.oldest(log.address(), now) - 1 : now.head();
        long end = Math.max(Math.max(now.floor(), log.floor()), there);
        long from = Math.max(end, to - STRETCH);
        List<Row> found = new ArrayList<>();
        long oldest = Long.MAX_VALUE;
        long at = from;
        try {
            while (at < to) {
                for (RingItem item : rings.read(log.address(), now, at, to, STRETCH)) {
                    at = item.offset();
                    oldest = Math.min(oldest, item.appendedMillis());
                    if (sought.matches(item.event())) {
                        found.add(0, new Row(item.offset(), item.appendedMillis(), item.event()));
                    }
                }
            }
        } catch (Gone overwritten) {
            // Writers were faster; what is there by now is newer than what was looked for.
            return new Stretch(found, log.floor(), 0, at - from);
        }
        List<Row> newest = found.size() > limit ? found.subList(0, limit) : found;
        return new Stretch(newest, from <= end ? log.floor() : from, oldest, Math.max(0, to - from));
    }
}
