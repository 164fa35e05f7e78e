package dev.weir.flow;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Refusal;
import dev.weir.bus.StartAt;
import dev.weir.config.Location;
import dev.weir.config.RawValue;
import dev.weir.event.EventHeaders;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills the table of one address: reads its log from the beginning and then as it is told. A log that began anew empties the table
 * first. Owned by the lane's event loop.
 */
final class TableInput implements Intake {
    private static final int MOST = 1_000_000;
    private static final Duration LOOK = Duration.ofMillis(50);

    private final String address;
    private final FlowServices services;
    private final FlowRun run;
    private final Latest table = new Latest(MOST);
    private @Nullable LogInput log;
    private Timers.@Nullable Timer looking;
    private String epoch = "";

    TableInput(String address, FlowServices services, FlowRun run) {
        this.address = address;
        this.services = services;
        this.run = run;
    }

    Latest table() {
        return table;
    }

    /** Begins; fails with a {@link Refusal} when the address does not keep its newest events. */
    Future<Void> start(Timers timers) {
        Keep keep = services.publisher().keepOf(address);
        Journal journal = services.publisher().journal();
        if (keep == null || !keep.latest() || journal == null) {
            return Future.failedFuture(new Refusal(
                    FailureCode.UNAVAILABLE,
                    "enrich needs the newest event of each key of " + address + ": add keep: latest to its policy"));
        }
        InputSpec spec = new InputSpec(
                InputSpec.ADDRESS, address, List.of(), StartAt.BEGINNING, RawValue.of(Map.of()), Location.NONE);
        LogInput reading =
                new LogInput(spec, address, keep, journal, services.vertx().eventBus(), timers, this, Set.of());
        log = reading;
        return reading.start(List.of()).map(started -> {
            looking = timers.every(LOOK, this::look);
            look();
            return null;
        });
    }

    /** Whether all is read that was kept at the beginning. */
    private void look() {
        if (Objects.requireNonNull(log, "started").lag() == 0) {
            stopLooking();
            table.ready();
        }
    }

    private void stopLooking() {
        if (looking != null) {
            looking.cancel();
            looking = null;
        }
    }

    @Override
    public void take(LaneInput input, Arrival arrival, @Nullable Object data) {
        String own = Objects.requireNonNull(arrival.place(), "kept").at().epoch();
        if (!own.equals(epoch)) {
            table.clear();
            epoch = own;
        }
        long before = table.evicted();
        table.put(arrival.headers().get(EventHeaders.SUBJECT), data);
        if (table.evicted() > before) {
            run.warn("the oldest keys of " + address + " are not looked up, since it has more than " + MOST);
        }
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void stop(String why) {
        run.stopped(why);
    }

    @Override
    public void warn(LaneInput input, String what) {
        run.warn(what);
    }

    void close() {
        stopLooking();
        if (log != null) {
            log.close();
        }
    }
}
