package dev.weir.journal;

import io.vertx.core.Promise;

/** Progress of a subscription on its way to the disk. */
record WorkCommit(Work work, Promise<Boolean> done) implements Queued {
    private static final int ROW = 100;

    @Override
    public int events() {
        return work.deferred().size() + work.dead().size() + work.edited().size();
    }

    @Override
    public int bytes() {
        int bytes = ROW * (1 + work.cursors().size() + work.resumed().size());
        for (Work.Deferred row : work.deferred()) {
            bytes += ROW + row.event().size();
        }
        for (Work.DeadLetter letter : work.dead()) {
            bytes += ROW + letter.event().size();
        }
        for (Work.DeadLetter letter : work.edited()) {
            bytes += ROW + letter.event().size();
        }
        return bytes;
    }
}
