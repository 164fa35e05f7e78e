package dev.weir.journal;

import io.vertx.core.Promise;
import java.util.List;

/** A change of what waits for its time, on its way to the disk. */
record DelayedCommit(DelayedStore.Change change, Promise<List<DelayedStore.Standing>> done) implements Queued {
    private static final int ROW = 100;

    @Override
    public int events() {
        return change instanceof DelayedStore.Accept accept ? accept.orders().size() : 1;
    }

    @Override
    public int bytes() {
        int bytes = ROW;
        if (change instanceof DelayedStore.Accept accept) {
            for (DelayedStore.Order order : accept.orders()) {
                bytes += ROW + order.event().size();
            }
        } else if (change instanceof DelayedStore.Mark mark) {
            bytes += ROW * mark.keys().size();
        }
        return bytes;
    }
}
