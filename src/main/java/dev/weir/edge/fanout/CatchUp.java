package dev.weir.edge.fanout;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Journal;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Position;
import dev.weir.time.Timers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;

/**
 * Brings one session from its position to where its group is, then makes it a member: events of the journal, then those the
 * group got meanwhile. No gap and no duplicate, because both happen on the group's event loop. As fast as the session reads.
 */
final class CatchUp {
    private static final int PAGE = 500;
    private static final long MOST_WAITING_BYTES = 256 * 1024;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Group group;
    private final Journal journal;
    private final Timers timers;
    private final Outlet outlet;
    private final String epoch;
    private final long values;
    private long at;
    private boolean cancelled;

    /** @param values up to this offset only what every key has is wanted, so that earlier deletions do not matter; 0 for none */
    CatchUp(Group group, Journal journal, Timers timers, Outlet outlet, Position from, long values) {
        this.values = values;
        this.group = group;
        this.journal = journal;
        this.timers = timers;
        this.outlet = outlet;
        this.epoch = from.epoch();
        this.at = from.offset();
    }

    /** The session left. */
    void cancel() {
        cancelled = true;
    }

    void run() {
        if (cancelled) {
            return;
        }
        if (group.tailCovers(at)) {
            write(group.tailAfter(at));
            group.caughtUp(outlet);
        } else if (outlet.waitingBytes() > MOST_WAITING_BYTES
                || at > group.position().offset()) {
            // The session reads slowly, or it comes from an event loop that was ahead of this one.
            timers.after(PAUSE, this::run);
        } else {
            journal.read(group.address(), at, PAGE).onComplete(done -> {
                if (!cancelled) {
                    take(done.result());
                }
            });
        }
    }

    private void take(@org.jspecify.annotations.Nullable Kept page) {
        if (page == null) {
            group.lost(outlet, FailureCode.UNAVAILABLE);
        } else if (!page.head().epoch().equals(epoch)) {
            group.lost(outlet, FailureCode.EPOCH_CHANGED);
        } else if (page.head().floor() > Math.max(at, values)) {
            group.lost(outlet, FailureCode.TRIMMED);
        } else {
            // What the group has not got yet it will get, and pass on to all its members.
            long end = Math.min(page.to(), group.position().offset());
            write(page.events().stream()
                    .filter(event -> event.offset() <= end && (!event.isEmpty() || event.offset() > values))
                    .toList());
            at = Math.max(at, end);
            run();
        }
    }

    private void write(List<KeptEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        ByteBuf frames = Unpooled.buffer(events.size() * 256);
        for (KeptEvent event : events) {
            group.encode(outlet.wireFormat(), event, frames);
        }
        group.replayed(events.size(), frames.readableBytes());
        outlet.offer(frames);
    }
}
