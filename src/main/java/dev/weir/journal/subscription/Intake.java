package dev.weir.journal.subscription;

import dev.weir.bus.Head;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Position;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.config.SubscriptionConfig;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the logs ahead of the consumers, as far as there is room. Owned by the dispatcher. */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final int PAGE = 256;

    private final SubscriptionPolicy spec;
    private final Store store;
    private final Tally tally;
    private final BooleanSupplier hasRoom;
    private final Consumer<Item> taken;
    private final Runnable afterwards;
    private final Consumer<Skipped> skipped;

    /**
     * @param hasRoom whether more may be held in memory
     * @param taken gets each event
     * @param afterwards runs when a page was read
     * @param skipped hears of events that were deleted too early
     */
    Intake(
            SubscriptionPolicy spec,
            Store store,
            Tally tally,
            BooleanSupplier hasRoom,
            Consumer<Item> taken,
            Runnable afterwards,
            Consumer<Skipped> skipped) {
        this.spec = spec;
        this.store = store;
        this.tally = tally;
        this.hasRoom = hasRoom;
        this.taken = taken;
        this.afterwards = afterwards;
        this.skipped = skipped;
    }

    /** Finds where a lane goes on: where it stood, or where the subscription starts. */
    Future<Void> place(Lane lane) {
        return store.head(lane.address)
                .compose(head -> (lane.epoch().isEmpty() ? start(lane, head) : Future.<Void>succeededFuture())
                        .onSuccess(placed -> align(lane, head)));
    }

    private Future<Void> start(Lane lane, Head head) {
        Long millis = spec.start().millis();
        if (millis != null) {
            return store.offsetBefore(lane.address, millis)
                    .onSuccess(
                            offset -> lane.begin(head.epoch(), Math.max(head.floor(), Math.min(offset, head.head()))))
                    .mapEmpty();
        }
        lane.begin(head.epoch(), first(lane, head));
        return Future.succeededFuture();
    }

    private long first(Lane lane, Head head) {
        Position position = spec.start().position();
        if (position == null) {
            return spec.start().end() ? head.head() : head.floor();
        }
        if (position.epoch().equals(head.epoch()) && position.offset() <= head.head()) {
            return position.offset();
        }
        LOG.warn(
                "subscription {}: {} is no position of {} now, whose events are read from the oldest on",
                spec.name(),
                position,
                lane.address);
        return head.floor();
    }

    /** A log that was made anew is read from its beginning; what is gone from a log is skipped, counted and said. */
    private void align(Lane lane, Head head) {
        if (!lane.epoch().equals(head.epoch())) {
            LOG.warn(
                    "subscription {}: {} is another log than before and is read from its beginning",
                    spec.name(),
                    lane.address);
            lane.begin(head.epoch(), head.floor());
        }
        if (lane.readTo() < head.floor()) {
            long lost = lane.unsettled(head.floor());
            long first = lane.readTo() + 1;
            lane.read(head.floor());
            if (lost > 0) {
                skip(new Skipped(spec.name(), lane.address, head.epoch(), first, head.floor(), lost));
            }
        }
        lane.head(head.head());
    }

    private void skip(Skipped gone) {
        tally.skipped.add(gone.events());
        LOG.warn(
                "subscription {}: {} events of {} were deleted before they were delivered; keep more, or hold them longer",
                gone.subscription(),
                gone.events(),
                gone.address());
        skipped.accept(gone);
    }

    void fill(Collection<Lane> lanes) {
        lanes.forEach(this::fill);
    }

    private void fill(Lane lane) {
        if (lane.reading || !lane.hasMore() || !hasRoom.getAsBoolean()) {
            return;
        }
        lane.reading = true;
        String epoch = lane.epoch();
        long from = lane.readTo();
        store.read(lane.address, from, PAGE).onComplete(read -> {
            lane.reading = false;
            if (read.failed()) {
                // The next look at the heads tries again.
                LOG.debug("subscription {}: {} cannot be read", spec.name(), lane.address, read.cause());
            } else if (!lane.abandoned && epoch.equals(lane.epoch()) && from == lane.readTo()) {
                accept(lane, read.result());
                afterwards.run();
            }
        });
    }

    private void accept(Lane lane, Kept page) {
        align(lane, page.head());
        if (!lane.epoch().equals(page.head().epoch())) {
            return;
        }
        for (KeptEvent event : page.events()) {
            if (event.offset() <= lane.readTo()) {
                continue;
            }
            lane.read(event.offset());
            if (!lane.wasSettled(event.offset()) && spec.wants(typeOf(event))) {
                lane.take(event.offset());
                taken.accept(new Item(lane, event, keyOf(spec, lane, event)));
            }
        }
        lane.read(page.to());
    }

    private static String typeOf(KeptEvent event) {
        String type = event.headers().get(EventHeaders.TYPE);
        return type == null ? EventHeaders.DEFAULT_TYPE : type;
    }

    /** What must stay in order: events of one address with one subject. */
    @org.jspecify.annotations.Nullable
    static String keyOf(SubscriptionPolicy spec, Lane lane, KeptEvent event) {
        String subject = event.headers().get(EventHeaders.SUBJECT);
        return spec.order() == SubscriptionConfig.Order.FREE || subject == null
                ? null
                : lane.address + "\u0000" + subject;
    }
}
