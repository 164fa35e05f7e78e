package dev.weir.journal.delayed;

import dev.weir.bus.Delay;
import dev.weir.bus.Delayed;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.journal.DelayedEvent;
import dev.weir.journal.DelayedStore;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EventRow;
import dev.weir.time.Clock;
import dev.weir.time.Durations;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes events for later into the journal, and answers what is asked of them. Thread-safe. */
public final class DelayedDesk implements Delayed {
    /**
     * What is allowed.
     *
     * @param longest how far ahead an event may be due
     * @param most how many may wait on one address
     */
    public record Limits(Duration longest, int most) {}

    private static final int NANOS_PER_MILLI = 1_000_000;

    private final EngineJournal journal;
    private final Supplier<Policies> policies;
    private final Clock clock;
    private final Limits limits;
    private final Tally tally;
    private final LongConsumer accepted;

    /**
     * @param policies those in force
     * @param accepted told when an event is due that was accepted, in milliseconds since 1970
     */
    DelayedDesk(
            EngineJournal journal,
            Supplier<Policies> policies,
            Clock clock,
            Limits limits,
            Tally tally,
            LongConsumer accepted) {
        this.journal = journal;
        this.policies = policies;
        this.clock = clock;
        this.limits = limits;
        this.tally = tally;
        this.accepted = accepted;
    }

    @Override
    public Future<List<Receipt>> accept(String address, List<Order> orders) {
        List<DelayedStore.Order> rows = new ArrayList<>(orders.size());
        try {
            for (int i = 0; i < orders.size(); i++) {
                rows.add(row(address, orders.get(i), orders.size() == 1 ? -1 : i));
            }
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
        return place(address)
                .compose(placed -> journal.keep(new DelayedStore.Accept(address, rows, limits.most())))
                .map(standings -> {
                    if (standings.isEmpty() && !rows.isEmpty()) {
                        throw new Refusal(
                                FailureCode.TOO_FAST,
                                limits.most()
                                        + " events may wait on an address for their time, and with these there would be more",
                                10_000);
                    }
                    return receipts(rows, standings);
                });
    }

    /** What is accepted is delivered, so its log has its place among {@code max-addresses} from now on, or nothing is accepted. */
    private Future<?> place(String address) {
        Keep keep = policies.get().of(address).map(Policy::keep).orElse(null);
        return keep == null ? Future.succeededFuture() : journal.lately(address, keep);
    }

    private List<Receipt> receipts(List<DelayedStore.Order> rows, List<DelayedStore.Standing> standings) {
        List<Receipt> receipts = new ArrayList<>(rows.size());
        long soonest = Long.MAX_VALUE;
        for (int i = 0; i < rows.size(); i++) {
            DelayedStore.Standing standing = standings.get(i);
            receipts.add(new Receipt(
                    String.valueOf(rows.get(i).event().id()),
                    null,
                    !standing.changed(),
                    Instant.ofEpochMilli(standing.dueMillis())));
            if (standing.changed()) {
                tally.accepted.increment();
                soonest = Math.min(soonest, standing.dueMillis());
            }
        }
        accepted.accept(soonest);
        return receipts;
    }

    private DelayedStore.Order row(String address, Order order, int index) {
        try {
            Delay delay = order.delay();
            if (delay.from(clock.now()).compareTo(limits.longest()) > 0) {
                throw new Refusal(
                        FailureCode.INVALID_EVENT,
                        "an event may be due at most " + Durations.format(limits.longest())
                                + " ahead (journal.max-delay)");
            }
            EventRow row = EventRow.of(
                    order.entry().headers(), order.entry().body(), order.entry().ownId());
            Duration after = delay.after();
            long millis = after == null ? upwards(delay.at()) : upwards(after);
            return new DelayedStore.Order(key(address, row), millis, after != null, row);
        } catch (IllegalArgumentException notKeepable) {
            Refusal refusal = new Refusal(FailureCode.INVALID_EVENT, String.valueOf(notKeepable.getMessage()));
            throw index < 0 ? refusal : refusal.ofEvent(index);
        } catch (Refusal refusal) {
            throw index < 0 ? refusal : refusal.ofEvent(index);
        }
    }

    /** Rounded so that nothing is early. */
    private static long upwards(Duration after) {
        return after.plusNanos(NANOS_PER_MILLI - 1).toMillis();
    }

    private static long upwards(@Nullable Instant at) {
        return at == null ? 0 : at.plusNanos(NANOS_PER_MILLI - 1).toEpochMilli();
    }

    /** A repeat of an event has the same key, and nobody can make a key that is another's. */
    private static String key(String address, EventRow row) {
        if (!row.ownId()) {
            return UUID.randomUUID().toString();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((address + "\u0000").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(row.identity()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    @Override
    public Future<List<Item>> find(String address, String id, @Nullable String authId) {
        // No event has such an id, and PostgreSQL no such text.
        return id.indexOf(0) >= 0
                ? Future.succeededFuture(List.of())
                : journal.askDelayed(delayed -> items(delayed.find(address, id, authId)));
    }

    @Override
    public Future<List<Item>> list(String address, @Nullable String authId, @Nullable String after, int limit) {
        return journal.askDelayed(delayed -> items(delayed.waiting(address, authId, after, limit)));
    }

    private static List<Item> items(List<DelayedEvent> events) {
        return events.stream()
                .map(each -> new Item(
                        each.key(),
                        state(each.state()),
                        Instant.ofEpochMilli(each.dueMillis()),
                        each.event().busHeaders(),
                        each.bytes()))
                .toList();
    }

    private static State state(DelayedEvent.State state) {
        return switch (state) {
            case WAITING -> State.WAITING;
            case CANCELLED -> State.CANCELLED;
            case DELIVERED, TAKEN -> State.DELIVERED;
        };
    }

    @Override
    public Future<State> cancel(String key) {
        return journal.keep(new DelayedStore.Mark(List.of(key), DelayedEvent.State.CANCELLED, 0))
                .map(standings -> {
                    DelayedStore.Standing standing = standings.get(0);
                    if (standing.changed()) {
                        tally.cancelled.increment();
                    }
                    return state(standing.state());
                });
    }
}
