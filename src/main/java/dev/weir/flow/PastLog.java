package dev.weir.flow;

import dev.weir.bus.Journal;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Position;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A stretch of the log of one address, read page by page; nothing of the log changes. Used by one thread at a time. */
final class PastLog {
    private static final int ROUGHLY = 200;

    private final Journal journal;
    private final String address;
    private final String epoch;
    private final long from;
    private final long to;
    private final long latestMillis;
    private List<KeptEvent> page = List.of();
    private int index;
    private long read;
    private long at;
    private long millis;
    private long events;

    /**
     * @param from behind this offset
     * @param to up to this one
     * @param earliestMillis no event is taken to be of before that
     * @param latestMillis no event is taken to be of after that
     */
    PastLog(Journal journal, String address, String epoch, long from, long to, long earliestMillis, long latestMillis) {
        this.journal = journal;
        this.address = address;
        this.epoch = epoch;
        this.from = from;
        this.to = to;
        this.latestMillis = latestMillis;
        this.read = from;
        this.at = from;
        this.millis = earliestMillis;
    }

    String address() {
        return address;
    }

    /** Reads the next page when there is none, and more to come. Another log by now, or one that is shorter, is at its end. */
    Future<Void> fill(int most) {
        if (!isWanting()) {
            return Future.succeededFuture();
        }
        return journal.read(address, read, most).map(stretch -> {
            page = stretch.events().stream()
                    .filter(event -> event.offset() <= to)
                    .toList();
            index = 0;
            boolean ended = !stretch.head().epoch().equals(epoch) || stretch.to() <= read;
            read = ended
                    ? to
                    : Math.max(
                            stretch.to(),
                            page.isEmpty() ? 0 : page.get(page.size() - 1).offset());
            if (!stretch.head().epoch().equals(epoch)) {
                page = List.of();
            }
            return null;
        });
    }

    /** Whether a page must be read before it is known what comes next. */
    boolean isWanting() {
        return index == page.size() && read < to;
    }

    boolean isOver() {
        return index == page.size() && read >= to;
    }

    /**
     * When the next event came: by its own time, which never goes back, since producers' clocks differ. Only where there is a next
     * event.
     */
    long nextMillis() {
        String text = page.get(index).headers().get(EventHeaders.TIME);
        try {
            long own = text == null ? millis : EventHeaders.parseTime(text).toEpochMilli();
            return Math.max(millis, Math.min(own, latestMillis));
        } catch (InvalidEventException | ArithmeticException noTime) {
            return millis;
        }
    }

    /** Takes the next event. */
    FlowEvent take() {
        millis = nextMillis();
        KeptEvent event = page.get(index++);
        at = event.offset();
        events++;
        return FlowEvent.of(new Arrival(address, event.headers(), new Position(epoch, at), 0), event.body());
    }

    /** About how much there is of the next event. */
    long nextBytes() {
        KeptEvent event = page.get(index);
        byte[] json = event.json();
        return (long) ROUGHLY
                + (json != null ? json.length : event.body() instanceof Buffer bytes ? bytes.length() : 0);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("address", address)
                .put("from", new Position(epoch, from).toString())
                .put("to", new Position(epoch, isOver() ? to : at).toString())
                .put("events", events);
    }

    /** When the last event that was taken came. */
    long millis() {
        return millis;
    }
}
