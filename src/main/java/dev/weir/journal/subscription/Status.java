package dev.weir.journal.subscription;

import dev.weir.bus.Position;
import dev.weir.journal.Work;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * How a subscription is doing.
 *
 * @param lag events between its cursors and the heads
 */
record Status(boolean running, List<Work.Cursor> cursors, long lag, int inFlight, int deferred, Tally tally) {
    /** As it is shown. */
    JsonObject toJson() {
        JsonObject positions = new JsonObject();
        cursors.forEach(
                cursor -> positions.put(cursor.address(), new Position(cursor.epoch(), cursor.offset()).toString()));
        return new JsonObject()
                .put("running", running)
                .put("positions", positions)
                .put("lag", lag)
                .put("inFlight", inFlight)
                .put("deferred", deferred)
                .put("delivered", tally.delivered())
                .put("redelivered", tally.redelivered())
                .put("settled", tally.settled())
                .put("deadLettered", tally.deadLettered())
                .put("skipped", tally.skipped());
    }
}
