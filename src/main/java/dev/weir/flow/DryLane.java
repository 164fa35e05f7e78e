package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.Authorizer;
import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.Inspection;
import dev.weir.bus.Policy;
import dev.weir.bus.Refusal;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A version of a flow in a dry run: on a clock of its own that goes with the events, begun with nothing remembered, reaching nothing.
 * What it emits is looked at as its address would, and written down. Used by one thread at a time.
 */
final class DryLane implements Lane {
    /** How much of what comes out is written down. */
    static final int MOST = 100_000;

    private static final Duration STRIDE = Duration.ofHours(1);

    private final FlowSpec spec;
    private final Map<String, List<String>> inputs;
    private final Map<String, Latest> tables;
    private final Authorizer authorizer;
    private final VirtualTime time;
    private final Map<String, StageCounts> counts = new LinkedHashMap<>();
    private final List<Emission> emitted = new ArrayList<>();
    private final List<FlowCommit.Dead> dead = new ArrayList<>();
    private final Pipeline pipeline;
    private @Nullable String stopped;
    private boolean full;
    private long ids;

    /**
     * @param inputs the addresses that it reads, with the types that it takes, all when there are none
     * @param tables what stages look up, by address
     * @param startMillis when its first event came
     */
    DryLane(
            FlowSpec spec,
            Map<String, List<String>> inputs,
            Map<String, Latest> tables,
            Authorizer authorizer,
            long startMillis) {
        this.spec = spec;
        this.inputs = inputs;
        this.tables = new HashMap<>(tables);
        this.authorizer = authorizer;
        this.time = new VirtualTime(Instant.ofEpochMilli(startMillis));
        spec.all().forEach(stage -> counts.put(stage.id(), new StageCounts()));
        this.pipeline = new Pipeline(spec, this);
    }

    FlowSpec spec() {
        return spec;
    }

    /** Lets time pass and takes the event, if it is one of its own. */
    void take(FlowEvent event, long millis, BooleanSupplier enough) {
        advance(millis, enough);
        List<String> types = inputs.get(event.arrival().input());
        if (types != null && (types.isEmpty() || types.contains(event.type())) && stopped == null) {
            pipeline.accept(event);
        }
    }

    /**
     * Lets time pass, in strides, since much may be due.
     *
     * @param enough whether to leave it there
     */
    void advance(long millis, BooleanSupplier enough) {
        for (long left = millis - time.millis(); left > 0 && !enough.getAsBoolean(); left = millis - time.millis()) {
            time.advance(left > STRIDE.toMillis() ? STRIDE : Duration.ofMillis(left));
        }
    }

    /** Everything that came out, in its order; dead letters behind what was emitted. */
    List<Emission> outcome() {
        List<Emission> all = new ArrayList<>(emitted);
        dead.forEach(letter -> all.add(Emission.of(letter)));
        return all;
    }

    List<Emission> emitted() {
        return emitted;
    }

    List<FlowCommit.Dead> dead() {
        return dead;
    }

    Map<String, StageCounts> counts() {
        return counts;
    }

    /** Why the flow would have stopped by itself; null when it would not. */
    @Nullable
    String stopped() {
        return stopped;
    }

    /** Whether no more can be written down. */
    boolean isFull() {
        return full;
    }

    /** How many keys its stages remember and events wait there. */
    long remembered() {
        return counts.values().stream().mapToLong(each -> each.keys + each.held).sum();
    }

    void close() {
        pipeline.close();
    }

    @Override
    public Clock clock() {
        return time;
    }

    @Override
    public Timers timers() {
        return time;
    }

    @Override
    public @Nullable Vertx vertx() {
        return null;
    }

    @Override
    public Rehearsal rehearsal(String stage) {
        return new Rehearsal() {
            @Override
            public boolean isAnswered() {
                return false;
            }

            @Override
            public Answer answer() {
                throw new NotCalledException(stage);
            }

            @Override
            public void emitted(String target, FlowEvent event) {
                note(Emission.of(time.millis(), target, event.emission(), event.data()));
            }
        };
    }

    private void note(Emission emission) {
        if (emitted.size() < MOST) {
            emitted.add(emission);
        } else {
            full = true;
        }
    }

    @Override
    public int partitionOf(String key) {
        return 0;
    }

    @Override
    public String nextId() {
        return String.format("%016x", ids++);
    }

    @Override
    public @Nullable Future<?> publish(@Nullable Step step, String address, MultiMap headers, @Nullable Object data) {
        if (Addresses.isSystem(address) || Addresses.isInternal(address)) {
            throw new Refusal(FailureCode.ACCESS_DENIED, "only Weir itself emits to " + address);
        }
        Policy policy = authorizer.policyOf(address);
        String type = headers.get(EventHeaders.TYPE);
        Inspection.check(policy, type == null ? EventHeaders.DEFAULT_TYPE : type, data, 0);
        note(Emission.of(time.millis(), address, headers, data));
        return null;
    }

    @Override
    public Lookup lookup(String address) {
        return tables.computeIfAbsent(address, first -> {
            Latest none = new Latest(1);
            none.ready();
            return none;
        });
    }

    @Override
    public void entered(Item item) {}

    @Override
    public void changed(Item item) {}

    @Override
    public void left(Item item) {}

    @Override
    public void remember(StateTable<?> table, String key) {}

    @Override
    public void dead(FlowCommit.Dead letter) {
        if (dead.size() < MOST) {
            dead.add(letter);
        } else {
            full = true;
        }
    }

    @Override
    public void stop(String why) {
        if (stopped == null) {
            stopped = why;
        }
    }

    @Override
    public StageCounts counts(StageSpec stage) {
        return counts.computeIfAbsent(stage.id(), first -> new StageCounts());
    }
}
