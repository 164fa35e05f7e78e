package dev.weir.flow.stage;

import dev.weir.flow.aggregate.Aggregate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Windows of a fixed length that begin at whole multiples of the hop since 1970. Events are added to one pane, a hop long; a window
 * of several is merged when it is over, so that an event costs the same however many windows overlap.
 */
record AlignedWindows(long everyMillis, long hopMillis) implements WindowShape {
    @Override
    public @Nullable WindowPane find(WindowKey key, long time) {
        for (int i = key.panes.size() - 1; i >= 0; i--) {
            WindowPane pane = key.panes.get(i);
            if (pane.start <= time) {
                return time < pane.end ? pane : null;
            }
        }
        return null;
    }

    @Override
    public boolean isOver(long time, long watermark) {
        return floor(time) + everyMillis <= watermark;
    }

    @Override
    public WindowPane open(long time, Supplier<Aggregate[]> none) {
        return new WindowPane(floor(time), floor(time) + hopMillis, none.get());
    }

    @Override
    public void added(WindowKey key, WindowPane pane, long time, long watermark) {
        if (!key.panes.contains(pane)) {
            key.insert(pane);
        }
        long notYet = watermark == Long.MIN_VALUE ? watermark : floor(watermark) + hopMillis;
        key.next = Math.min(key.next, Math.max(pane.end, notYet));
    }

    @Override
    public void close(WindowKey key, long watermark, Supplier<Aggregate[]> none, Consumer<WindowPane> results) {
        while (key.next <= watermark) {
            long end = key.next;
            long start = end - everyMillis;
            results.accept(window(key, start, end, none));
            key.panes.removeIf(pane -> pane.start <= start);
            key.next = key.panes.isEmpty() ? WindowKey.NEVER : Math.max(end + hopMillis, key.panes.get(0).end);
        }
    }

    private WindowPane window(WindowKey key, long start, long end, Supplier<Aggregate[]> none) {
        if (everyMillis == hopMillis) {
            return key.panes.get(0);
        }
        WindowPane whole = new WindowPane(start, end, none.get());
        key.panes.stream()
                .filter(pane -> pane.start >= start && pane.end <= end)
                .forEach(whole::merge);
        return whole;
    }

    @Override
    public long lastEnd(WindowKey key) {
        return key.panes.get(key.panes.size() - 1).start + everyMillis;
    }

    private long floor(long time) {
        return Math.floorDiv(time, hopMillis) * hopMillis;
    }

    @Override
    public long spanMillis() {
        return everyMillis;
    }
}
