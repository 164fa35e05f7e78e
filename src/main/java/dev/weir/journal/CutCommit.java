package dev.weir.journal;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/**
 * A cut through a flow on its way to the disk and back to its lane.
 *
 * @param appends its events, told like those of every producer; they share a promise, which is done when they are told
 * @param bytes roughly, for the bound of the queue
 * @param done told on the lane's context, false when a claim is not in force
 */
record CutCommit(Cut cut, List<Commit> appends, int bytes, Promise<Boolean> done) implements Queued {
    private static final int EVENT = 200;

    /** @param told on the same context */
    static CutCommit of(Cut cut, Promise<Outcome> told, Promise<Boolean> done) {
        told.future().onSuccess(outcome -> done.tryComplete(true));
        List<Commit> commits = new ArrayList<>(cut.appends().size());
        int all = cut.bytes();
        for (int i = 0; i < cut.appends().size(); i++) {
            Append append = cut.appends().get(i);
            int bytes = (int) Math.min(
                    Integer.MAX_VALUE / 2,
                    append.bytes() + (long) EVENT * append.rows().size());
            commits.add(new Commit(append, cut.entries().get(i), bytes, told));
            all += bytes;
        }
        return new CutCommit(cut, commits, all, done);
    }

    @Override
    public int events() {
        int events =
                cut.commit().states().size() + cut.parked().size() + cut.dead().size();
        for (Commit each : appends) {
            events += each.events();
        }
        return events;
    }
}
