package dev.weir.flow.stage;

import dev.weir.flow.aggregate.Aggregate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which windows there are: how events fall into panes, and when which panes become a result. Pure but for the key it is given. */
sealed interface WindowShape permits AlignedWindows, SessionWindows {
    /** The pane that takes events of that time, null when there is none yet. */
    @Nullable
    WindowPane find(WindowKey key, long time);

    /** Whether every window that an event of that time would belong to is over, if no pane was found. */
    boolean isOver(long time, long watermark);

    /** A pane for events of that time, which is not yet among the key's. */
    WindowPane open(long time, Supplier<Aggregate[]> none);

    /** An event of that time was added to the pane, which may be new. */
    void added(WindowKey key, WindowPane pane, long time, long watermark);

    /** Gives every result whose time has come, and forgets what no window needs any more. */
    void close(WindowKey key, long watermark, Supplier<Aggregate[]> none, Consumer<WindowPane> results);

    /** When every window of a key that has any is over. */
    long lastEnd(WindowKey key);

    /** For how long after an event its window may be open. */
    long spanMillis();
}
