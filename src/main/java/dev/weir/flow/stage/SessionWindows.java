package dev.weir.flow.stage;

import dev.weir.flow.aggregate.Aggregate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Windows that begin with an event and are over when none came for a while; what comes between two of them makes them one. */
record SessionWindows(long gapMillis) implements WindowShape {
    @Override
    public @Nullable WindowPane find(WindowKey key, long time) {
        for (WindowPane pane : key.panes) {
            if (time < pane.end && pane.start < time + gapMillis) {
                return pane;
            }
        }
        return null;
    }

    @Override
    public boolean isOver(long time, long watermark) {
        return time + gapMillis <= watermark;
    }

    @Override
    public WindowPane open(long time, Supplier<Aggregate[]> none) {
        return new WindowPane(time, time + gapMillis, none.get());
    }

    @Override
    public void added(WindowKey key, WindowPane pane, long time, long watermark) {
        pane.start = Math.min(pane.start, time);
        pane.end = Math.max(pane.end, time + gapMillis);
        if (!key.panes.contains(pane)) {
            key.insert(pane);
        }
        for (int i = key.panes.size() - 1; i > 0; i--) {
            WindowPane before = key.panes.get(i - 1);
            WindowPane after = key.panes.get(i);
            if (after.start < before.end) {
                before.merge(after);
                before.end = Math.max(before.end, after.end);
                key.panes.remove(i);
            }
        }
        key.next = earliestEnd(key);
    }

    private static long earliestEnd(WindowKey key) {
        long earliest = WindowKey.NEVER;
        for (WindowPane pane : key.panes) {
            earliest = Math.min(earliest, pane.end);
        }
        return earliest;
    }

    @Override
    public void close(WindowKey key, long watermark, Supplier<Aggregate[]> none, Consumer<WindowPane> results) {
        key.panes.removeIf(pane -> {
            boolean over = pane.end <= watermark;
            if (over) {
                results.accept(pane);
            }
            return over;
        });
        key.next = earliestEnd(key);
    }

    @Override
    public long lastEnd(WindowKey key) {
        long last = Long.MIN_VALUE;
        for (WindowPane pane : key.panes) {
            last = Math.max(last, pane.end);
        }
        return last;
    }

    @Override
    public long spanMillis() {
        return gapMillis;
    }
}
