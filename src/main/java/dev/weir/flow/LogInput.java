package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Position;
import dev.weir.bus.StartAt;
import dev.weir.event.EventHeaders;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journaled address from where the flow stood: out of the log while it is behind, and as it is told while it is not. What is
 * told is taken when it follows what was read; else the log is read, so nothing is missed. While a page of the log is handled the next one
 * is read. The head is compared once a second, for the last message that was lost. Owned by the lane's event loop.
 */
final class LogInput implements LaneInput {
    private static final Duration CHECK = Duration.ofSeconds(1);
    private static final int PAGE = 500;

    private final InputSpec spec;
    private final String address;
    private final Keep keep;
    private final Journal journal;
    private final EventBus bus;
    private final Timers timers;
    private final Intake intake;
    private final Set<Integer> partitions;
    /** How far each partition was read before; what is not above that is not handled again. */
    private final Map<Integer, Long> before = new HashMap<>();

    private @Nullable MessageConsumer<Kept> news;
    private Timers.@Nullable Timer checking;
    private @Nullable Position at;
    private long known;
    private long told;
    /** Above it nothing was handled before for any partition. */
    private long most = -1;
    /** What was read or told and waits for room, and how much of it is taken. */
    private @Nullable Kept rest;

    private int passed;
    private boolean reading;
    private boolean proceeding;
    /** What was read and waits for what is before it. */
    private @Nullable Kept next;

    private boolean closed;

    LogInput(
            InputSpec spec,
            String address,
            Keep keep,
            Journal journal,
            EventBus bus,
            Timers timers,
            Intake intake,
            Set<Integer> partitions) {
        this.spec = spec;
        this.address = address;
        this.keep = keep;
        this.journal = journal;
        this.bus = bus;
        this.timers = timers;
        this.intake = intake;
        this.partitions = partitions;
    }

    @Override
    public Future<Void> start(List<FlowCommit.Cursor> cursors) {
        MessageConsumer<Kept> own = bus.consumer(Addresses.ofLog(address), message -> hear(message.body()));
        news = own;
        return own.completion()
                .compose(registered -> journal.head(address, keep))
                .compose(head -> place(cursors, head))
                .map(placed -> {
                    if (!closed) {
                        checking = timers.every(CHECK, this::check);
                        proceed();
                    }
                    return null;
                });
    }

    /** Each partition stands where it was; one that never got that far begins as the flow does. */
    private Future<Void> place(List<FlowCommit.Cursor> cursors, Head head) {
        known = head.head();
        boolean elsewhere = false;
        for (FlowCommit.Cursor cursor : cursors) {
            if (cursor.input().equals(address) && partitions.contains(cursor.partition())) {
                boolean here = cursor.at().epoch().equals(head.epoch());
                before.put(cursor.partition(), here ? cursor.at().offset() : head.floor());
                elsewhere |= !here;
            }
        }
        if (elsewhere) {
            intake.warn(this, address + " is another log now; it is read from its beginning");
        }
        boolean complete = before.keySet().containsAll(partitions);
        boolean anew = elsewhere || !complete;
        Future<Long> begin = complete ? Future.succeededFuture(head.floor()) : begin(head);
        return begin.map(offset -> {
            partitions.forEach(partition -> before.putIfAbsent(partition, offset));
            stand(
                    head.epoch(),
                    before.values().stream().mapToLong(each -> each).min().orElse(offset));
            most = before.values().stream().mapToLong(each -> each).max().orElse(offset);
            told = anew ? -1 : at().offset();
            return null;
        });
    }

    private Future<Long> begin(Head head) {
        StartAt start = spec.start();
        Long millis = start.millis();
        if (start.end()) {
            return Future.succeededFuture(head.head());
        }
        if (millis != null) {
            return journal.offsetBefore(address, millis);
        }
        Position position = start.position();
        return Future.succeededFuture(
                position != null && position.epoch().equals(head.epoch()) ? position.offset() : head.floor());
    }

    private void stand(String epoch, long offset) {
        at = new Position(epoch, offset);
        told = -1;
    }

    private Position at() {
        return Objects.requireNonNull(at, "placed");
    }

    private void hear(Kept stretch) {
        if (at == null || closed) {
            return;
        }
        if (!stretch.head().epoch().equals(at().epoch())) {
            check();
            return;
        }
        known = Math.max(known, stretch.to());
        if (reading || rest != null || next != null || stretch.to() <= at().offset()) {
            return;
        }
        if (stretch.from() <= at().offset() && intake.hasRoom()) {
            pass(stretch, 0);
        } else {
            proceed();
        }
    }

    /** Takes what is new; what there is no room for waits until there is. */
    private void pass(Kept stretch, int first) {
        List<KeptEvent> events = stretch.events();
        for (int i = first; i < events.size(); i++) {
            if (events.get(i).offset() > at().offset()) {
                if (closed || !intake.hasRoom()) {
                    rest = stretch;
                    passed = i;
                    return;
                }
                take(events.get(i));
            }
        }
        rest = null;
        at = new Position(at().epoch(), Math.max(at().offset(), stretch.to()));
    }

    private void take(KeptEvent event) {
        Position own = new Position(at().epoch(), event.offset());
        at = own;
        if (!spec.types().isEmpty()) {
            String type = event.headers().get(EventHeaders.TYPE);
            if (!spec.types().contains(type == null ? EventHeaders.DEFAULT_TYPE : type)) {
                return;
            }
        }
        intake.take(this, new Arrival(address, event.headers(), own, 0), event.body());
    }

    /** Whether an event was handled for a partition before the lane began. */
    @Override
    public boolean isHandled(int partition, Position position) {
        return position.offset() <= most && position.offset() <= before.getOrDefault(partition, -1L);
    }

    /** A journal may answer at once, so what is read within this waits for the next round of it. */
    @Override
    public void proceed() {
        if (proceeding || at == null) {
            return;
        }
        proceeding = true;
        try {
            do {
                goOn();
            } while (next != null && hasPlace());
        } finally {
            proceeding = false;
        }
        if (next == null && hasPlace()) {
            readAfter(at().offset());
        }
    }

    private boolean hasPlace() {
        return rest == null && !closed && intake.hasRoom();
    }

    private void goOn() {
        Kept waiting = rest;
        if (waiting != null && !closed && intake.hasRoom()) {
            pass(waiting, passed);
        }
        Kept read = next;
        if (read != null && hasPlace()) {
            next = null;
            readBack(read);
        }
    }

    /** Reads on, unless that is being done or there is no more. */
    private void readAfter(long offset) {
        if (reading || offset >= known) {
            return;
        }
        reading = true;
        journal.read(address, offset, PAGE).onComplete(done -> {
            reading = false;
            // A journal that does not answer is asked again with the next check.
            if (done.succeeded() && !closed) {
                next = done.result();
                proceed();
            }
        });
    }

    private void readBack(Kept stretch) {
        Head head = stretch.head();
        if (!head.epoch().equals(at().epoch())) {
            anew(head);
            return;
        }
        long from = at().offset();
        known = Math.max(known, head.head());
        if (stretch.from() > from) {
            // It was asked for before the log began anew.
            return;
        }
        if (head.floor() > from) {
            intake.warn(
                    this,
                    (head.floor() - from) + " events of " + address
                            + " were deleted before they were read; keep more, or hold them longer");
            at = new Position(at().epoch(), head.floor());
        }
        if (stretch.to() > at().offset()) {
            if (intake.hasRoom()) {
                readAfter(stretch.to());
            }
            pass(stretch, 0);
        }
        if (at().offset() == from && rest == null) {
            // There is less than was said; the next check says what there is.
            known = from;
        }
    }

    private void check() {
        journal.lately(address, keep).onSuccess(head -> {
            if (closed || at == null) {
                return;
            }
            if (!head.epoch().equals(at().epoch())) {
                journal.head(address, keep).onSuccess(this::anew);
            } else {
                known = Math.max(known, head.head());
                proceed();
            }
        });
    }

    private void anew(Head head) {
        if (!closed && !head.epoch().equals(at().epoch())) {
            intake.warn(this, address + " is another log now; it is read from its beginning");
            before.clear();
            most = -1;
            rest = null;
            next = null;
            stand(head.epoch(), head.floor());
            known = head.head();
            proceed();
        }
    }

    @Override
    public boolean hasProgress() {
        return at != null && told != at().offset();
    }

    @Override
    public List<FlowCommit.Cursor> progress() {
        if (!hasProgress()) {
            return List.of();
        }
        told = at().offset();
        List<FlowCommit.Cursor> cursors = new ArrayList<>(partitions.size());
        for (int partition : partitions) {
            long reached = Math.max(told, before.getOrDefault(partition, 0L));
            cursors.add(new FlowCommit.Cursor(partition, address, new Position(at().epoch(), reached)));
        }
        return cursors;
    }

    @Override
    public long lag() {
        return at == null ? 0 : Math.max(0, known - at().offset());
    }

    @Override
    public void close() {
        closed = true;
        rest = null;
        next = null;
        if (checking != null) {
            checking.cancel();
        }
        if (news != null) {
            news.unregister().onFailure(failure -> intake.warn(this, "still registered for " + address));
        }
    }
}
