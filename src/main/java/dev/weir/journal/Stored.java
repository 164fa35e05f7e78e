package dev.weir.journal;

import dev.weir.bus.Head;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;

/**
 * What a read found: it covers the offsets after {@code from} up to {@code to}.
 *
 * @param head after the read, so that a floor that moved meanwhile shows
 */
public record Stored(Head head, long from, long to, List<Row> rows) {
    /** A stored event with its place. */
    public record Row(long offset, EventRow event) {
        private KeptEvent kept(String epoch) {
            MultiMap headers = Telling.placed(event.busHeaders(), epoch, offset);
            byte[] json = event.json();
            return json == null ? new KeptEvent(offset, headers, event.body()) : KeptEvent.read(offset, headers, json);
        }
    }

    /** As those who follow the log get it, who asked from an offset on. */
    Kept kept(String address, long asked) {
        List<KeptEvent> events = new ArrayList<>(rows.size());
        for (Row row : rows) {
            events.add(row.kept(head.epoch()));
        }
        return new Kept(address, head, asked, to, events);
    }
}
