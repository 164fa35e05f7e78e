package dev.weir.flow.stage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open windows of one key: the value that a window stage remembers. Changed in place by the stage that owns it. */
final class WindowKey {
    /** When nothing is open. */
    static final long NEVER = Long.MAX_VALUE;

    final String key;
    final @Nullable Object[] by;
    /** In the order of their start. */
    final List<WindowPane> panes = new ArrayList<>(1);

    /** The end of the window whose result comes next, in the time of windows. */
    long next = NEVER;
    /** The latest time that this key's events brought: what the stage knew of time when it was put last. */
    long high = Long.MIN_VALUE;
    /** The end under which it stands in the stage's order of ends; not kept. */
    long listed = NEVER;
    /** When the clock is asked for next; 0 for never. */
    long due;
    /** When the clock says that a result so far is given; 0 when there is nothing new. */
    long updateAt;

    String input = "";
    int partition;

    @Nullable
    String cause;

    @Nullable
    String correlation;

    WindowKey(String key, @Nullable Object[] by) {
        this.key = key;
        this.by = by;
    }

    /** Adds a pane where it belongs. */
    void insert(WindowPane pane) {
        int at = panes.size();
        while (at > 0 && panes.get(at - 1).start > pane.start) {
            at--;
        }
        panes.add(at, pane);
    }
}
