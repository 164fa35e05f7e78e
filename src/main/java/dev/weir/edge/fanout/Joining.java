package dev.weir.edge.fanout;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Position;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Decides where a session begins on a journaled address, tells it, and lets it begin there. Stateless. */
final class Joining {
    private Joining() {}

    static Future<Void> join(Group group, @Nullable Journal journal, Outlet outlet, Start start) {
        if (journal == null || start.refused() != null) {
            begin(group, outlet, start, null, start.refused());
            return Future.succeededFuture();
        }
        if (start.since() == null && start.rewind() == 0) {
            anew(group, outlet, start, null);
            return Future.succeededFuture();
        }
        return journal.head(group.address(), group.keep()).map(ends -> {
            decide(group, outlet, start, ends);
            return null;
        });
    }

    private static void decide(Group group, Outlet outlet, Start start, Head head) {
        Position since = start.since();
        if (!head.epoch().equals(group.position().epoch())) {
            // The group has not heard yet that the log began anew, so nothing it has may follow that position.
            group.endIfExpected(outlet, FailureCode.EPOCH_CHANGED);
        } else if (since == null) {
            long from = Math.max(head.floor(), group.position().offset() - start.rewind());
            begin(group, outlet, start, new Position(head.epoch(), from), null);
        } else if (!since.epoch().equals(head.epoch()) || since.offset() > head.head()) {
            anew(group, outlet, start, FailureCode.EPOCH_CHANGED);
        } else if (since.offset() < head.floor()) {
            anew(group, outlet, start, FailureCode.TRIMMED);
        } else {
            begin(group, outlet, start, since, null);
        }
    }

    /** Begins without anything from before, or with the value that every key has now. */
    private static void anew(Group group, Outlet outlet, Start start, @Nullable FailureCode reason) {
        if (!start.values() || group.position().offset() == 0) {
            begin(group, outlet, start, null, reason);
        } else if (group.expects(outlet)) {
            Position here = group.position();
            Position first = new Position(here.epoch(), 0);
            start.told().accept(new Start.Began(first, reason == null, reason));
            group.catchUp(outlet, first, here.offset());
        }
    }

    /** @param from null to begin now */
    private static void begin(
            Group group, Outlet outlet, Start start, @Nullable Position from, @Nullable FailureCode reason) {
        if (!group.expects(outlet)) {
            return;
        }
        Position here = group.position();
        start.told().accept(new Start.Began(from == null ? here : from, reason == null, reason));
        if (from == null || from.offset() == here.offset()) {
            group.addHere(outlet);
        } else {
            group.catchUp(outlet, from, 0);
        }
    }
}
