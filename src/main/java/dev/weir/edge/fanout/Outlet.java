package dev.weir.edge.fanout;

import dev.weir.bus.Counters;
import dev.weir.config.AddressConfig.Slow;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing side of one session. While its transport accepts bytes, batches go straight through; when it does not, the
 * session leaves the fast path, frames wait in its queue by reference, and it rejoins once the queue is empty. At the queue's
 * bound the slow rule of the address applies. Owned by the session's event loop; no method may be called from elsewhere.
 */
public abstract class Outlet {
    private final WireFormat format;
    private final long boundBytes;
    private final Counters counters;
    private @Nullable SlowQueue waiting;
    private @Nullable Backlog backlog;
    private boolean closed;
    private boolean takesNoMore;
    private boolean draining;

    /**
     * @param format how its frames are encoded
     * @param boundBytes how much may wait before the slow rule applies
     */
    protected Outlet(WireFormat format, long boundBytes, Counters counters) {
        this.format = format;
        this.boundBytes = boundBytes;
        this.counters = counters;
    }

    /** Whether the transport accepts bytes now. */
    protected abstract boolean isWritable();

    /** Writes frames; takes over the reference. */
    protected abstract void write(ByteBuf frames);

    /** Pushes what was written to the socket. */
    protected abstract void flush();

    /** Pushes what was written to the socket once the event loop has done what waits for it now; or at once. */
    protected void flushSoon() {
        flush();
    }

    /** Ends the session because it reads too slowly, with a reason that says reconnect. */
    protected abstract void closeSlow();

    /** The frame that tells this session of a gap, null when it did not ask for such frames. */
    protected @Nullable ByteBuf gapFrame(String address, int dropped) {
        return null;
    }

    /** How its frames are encoded. */
    public final WireFormat wireFormat() {
        return format;
    }

    /** How much waits for this session, in bytes. */
    public final long waitingBytes() {
        SlowQueue queue = waiting;
        return queue == null ? 0 : queue.bytes();
    }

    /** Writes a frame of the session's own, such as a reply, behind what already waits; takes over the reference. */
    public final void offer(ByteBuf frame) {
        offer(frame, false);
    }

    /** The same for frames of which many come at the same moment: they may go to the socket together. */
    public final void offerSoon(ByteBuf frame) {
        offer(frame, true);
    }

    private void offer(ByteBuf frame, boolean more) {
        if (takesNoMore) {
            frame.release();
        } else if (waiting == null && isWritable()) {
            write(frame);
            if (more) {
                flushSoon();
            } else {
                flush();
            }
        } else {
            counters.queuedBytes.add(frame.readableBytes());
            queue().add("", frame, null);
            enforceBound();
        }
    }

    /** Writes the session's last frame behind what already waits; later offers are dropped. */
    public final void offerLast(ByteBuf frame) {
        offer(frame);
        takesNoMore = true;
    }

    /** Writes a batch, or queues it; true when the transport got bytes that need a flush. */
    final boolean offer(Batch batch) {
        if (takesNoMore) {
            return false;
        }
        if (waiting == null && isWritable()) {
            write(batch.whole());
            return true;
        }
        enqueue(batch);
        return false;
    }

    /** To be called when the transport accepts bytes again. */
    public final void drained() {
        SlowQueue queue = waiting;
        // A transport that takes a frame at once says so while it is written.
        if (queue == null || closed || draining) {
            return;
        }
        draining = true;
        writeGaps(queue);
        while (isWritable()) {
            ByteBuf next = queue.poll();
            if (next == null) {
                break;
            }
            // Before it is written, since a transport that fails closes this and counts what is left.
            counters.queuedBytes.add(-next.readableBytes());
            write(next);
        }
        draining = false;
        if (waiting == queue && queue.isEmpty()) {
            waiting = null;
            waitsNoMore();
        }
        flush();
    }

    /** Lets go of what waits. To be called once when the session ends; later offers are dropped. */
    public final void close() {
        closed = true;
        takesNoMore = true;
        SlowQueue queue = waiting;
        waiting = null;
        waitsNoMore();
        if (queue != null) {
            counters.queuedBytes.add(-queue.bytes());
            queue.release();
        }
    }

    /** Whether the session has ended. */
    final boolean isClosed() {
        return closed;
    }

    /** Whether more may be written at once, so that nothing has to wait here. */
    final boolean accepts() {
        return waiting == null && isWritable();
    }

    /** Ends the session so that it comes again. */
    final void endForReconnect() {
        close();
        closeSlow();
    }

    /** Ends the session because the node's whole queue is too long. */
    final void shed() {
        counters.slowDisconnects.increment();
        close();
        closeSlow();
    }

    private void enqueue(Batch batch) {
        SlowQueue queue = queue();
        long before = queue.bytes();
        if (batch.slow == Slow.DISCONNECT) {
            queue.add(batch.address, batch.whole(), batch.held());
        } else {
            for (int i = 0; i < batch.frames(); i++) {
                enqueueSingle(queue, batch, i);
            }
        }
        counters.queuedBytes.add(queue.bytes() - before);
        enforceBound();
        if (backlog != null) {
            backlog.enforce();
        }
    }

    private void enqueueSingle(SlowQueue queue, Batch batch, int frame) {
        if (batch.slow == Slow.DROP_OLDEST) {
            queue.addDroppable(batch.address, batch.single(frame), batch.heldSingle(frame));
        } else if (queue.conflate(batch.address, batch.key(frame), batch.single(frame), batch.heldSingle(frame))) {
            counters.slowConflations.increment();
        }
    }

    private void enforceBound() {
        SlowQueue queue = waiting;
        if (queue == null) {
            return;
        }
        long before = queue.bytes();
        while (queue.bytes() > boundBytes) {
            if (!queue.dropOldest()) {
                counters.queuedBytes.add(queue.bytes() - before);
                shed();
                return;
            }
            counters.slowDrops.increment();
        }
        counters.queuedBytes.add(queue.bytes() - before);
    }

    /** The loop whose backlog this session's queue counts into. */
    final void attach(Backlog loop) {
        backlog = loop;
    }

    private void waitsNoMore() {
        if (backlog != null) {
            backlog.ends(this);
        }
    }

    private SlowQueue queue() {
        SlowQueue queue = waiting;
        if (queue == null) {
            queue = new SlowQueue();
            waiting = queue;
            if (backlog != null) {
                backlog.begins(this);
            }
        }
        return queue;
    }

    private void writeGaps(SlowQueue queue) {
        for (Map.Entry<String, Integer> gap : queue.takeDropped().entrySet()) {
            ByteBuf frame = gapFrame(gap.getKey(), gap.getValue());
            if (frame != null) {
                write(frame);
            }
        }
    }
}
