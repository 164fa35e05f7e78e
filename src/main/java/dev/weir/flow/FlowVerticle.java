package dev.weir.flow;

import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.FlowWire;
import dev.weir.bus.Refusal;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One flow on one node: has the partitions that are this node's, and runs a lane for them. When those change, the lane ends with a
 * last commit and another one begins. A partition of a node that died is taken up when its claim is over.
 */
final class FlowVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(FlowVerticle.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration CLAIM = Duration.ofSeconds(6);

    /** A claim that another node has is over soon, or given back; for so long it is looked at more often. */
    private static final Duration AGAIN = Duration.ofMillis(500);

    private static final int MOST_AGAIN = 16;

    private final FlowSpec spec;
    private final FlowServices services;
    private final FlowRun run;
    private final Supplier<List<String>> present;
    private final List<Boolean> keeps;
    private final boolean kept;
    private @Nullable FlowJournal journal;
    private @Nullable RunningLane lane;
    private Map<Integer, Long> owned = Map.of();
    private Timers.@Nullable Timer looking;
    private Timers.@Nullable Timer again;
    private Set<Integer> awaited = Set.of();
    private boolean laidOut;
    private boolean aside;
    private int looks;
    private @Nullable MessageConsumer<JsonObject> desk;
    private Future<Void> changing = Future.succeededFuture();
    private boolean queued;
    private boolean renew;
    private boolean closed;

    /**
     * @param run of the flow, also of versions before this one
     * @param present the nodes that work on kept flows now, this one included
     */
    FlowVerticle(FlowSpec spec, FlowServices services, FlowRun run, Supplier<List<String>> present) {
        this.present = present;
        this.spec = spec;
        this.services = services;
        this.run = run;
        this.keeps = keeps(spec, services);
        this.kept = keeps.contains(true);
    }

    FlowSpec spec() {
        return spec;
    }

    FlowRun run() {
        return run;
    }

    /** Whether what it does is kept, so that it goes on where it was. */
    boolean isKept() {
        return kept;
    }

    /** Whether it must be begun anew to be that flow: another file, or other policies of what it reads. */
    boolean isOther(FlowSpec wanted) {
        return !wanted.digest().equals(spec.digest())
                || !keeps(wanted, services).equals(keeps);
    }

    /** Which of its inputs are kept, or can be read again from where they were. */
    private static List<Boolean> keeps(FlowSpec spec, FlowServices services) {
        return spec.from().stream()
                .map(input -> input.isAddress()
                        ? LaneInputs.keepOf(input, services) != null
                        : input.isResumable() && services.journal().get() != null)
                .toList();
    }

    @Override
    public Future<?> start() {
        run.onLost(this::lost);
        run.resumed();
        journal = kept ? services.journal().get() : null;
        if (kept && journal == null) {
            return Future.failedFuture(new Refusal(
                    FailureCode.UNAVAILABLE,
                    "a flow that reads a journaled address needs the SQLite or the PostgreSQL journal"));
        }
        if (kept) {
            desk = new FlowWire(vertx).serve(spec.name(), this::replay);
        }
        looking = Timers.of(vertx).every(LOOK, this::look);
        look();
        // What cannot begin now is tried again with the next look.
        return changing.otherwiseEmpty();
    }

    @Override
    public Future<?> stop() {
        closed = true;
        if (looking != null) {
            looking.cancel();
        }
        if (again != null) {
            again.cancel();
        }
        MessageConsumer<JsonObject> served = desk;
        Future<Void> unserved = served == null ? Future.succeededFuture() : served.unregister();
        return Future.join(changing, unserved).eventually(() -> end().compose(ended -> giveBack(owned)));
    }

    /** Pauses or goes on, as its run says. By any thread. */
    void follow() {
        context.runOnContext(now -> {
            if (!run.isPaused() && run.isStopped()) {
                run.resumed();
                renew = true;
            }
            look();
        });
    }

    /** Dead letters of this node's partitions wait at their stages again. */
    private Future<FlowJournal.Replayed> replay(FlowJournal.Replay wanted) {
        RunningLane own = lane;
        return own == null
                ? Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "the flow does not run here now"))
                : own.replay(wanted).onSuccess(replayed -> {
                    if (lane != own) {
                        // The lane that is there now may have begun before they waited.
                        renew = true;
                        look();
                    }
                });
    }

    /** One look at a time; what comes meanwhile is looked at next. */
    private void look() {
        if (queued || closed) {
            return;
        }
        queued = true;
        changing = changing.otherwiseEmpty().compose(before -> {
            queued = false;
            return closed ? Future.succeededFuture() : share().compose(this::change);
        });
        changing.onFailure(failure -> run.warn("it is tried again: " + Mishaps.textOf(failure)));
    }

    /** The partitions that are this node's now, with their tokens. */
    private Future<Map<Integer, Long>> share() {
        if (run.isPaused() || run.isStopped()) {
            return Future.succeededFuture(Map.of());
        }
        if (journal == null && spec.from().stream().anyMatch(InputSpec::isLocal)) {
            return Future.succeededFuture(Map.of(0, 0L));
        }
        List<String> nodes = journal == null ? services.nodes().get() : present.get();
        Set<Integer> wanted = Shares.of(spec.name(), isSpread(), services.nodeId(), nodes);
        FlowJournal keeping = journal;
        if (keeping == null) {
            Map<Integer, Long> own = new HashMap<>();
            wanted.forEach(partition -> own.put(partition, 0L));
            return Future.succeededFuture(own);
        }
        return isInForce(keeping)
                .compose(now -> now && !wanted.isEmpty() ? claim(keeping, wanted) : Future.succeededFuture(Map.of()));
    }

    private Future<Map<Integer, Long>> claim(FlowJournal keeping, Set<Integer> wanted) {
        return keeping.claim(spec.name(), wanted, CLAIM).onSuccess(got -> {
            if (got.size() < wanted.size()) {
                lookAgain(wanted);
            } else {
                awaited = Set.of();
            }
        });
    }

    /**
     * Whether this is the version of the flow to which what is kept belongs: the one that came last. It becomes so when it begins; one
     * that finds later that it is not any more, because another node has read its file again before, waits to be replaced.
     */
    private Future<Boolean> isInForce(FlowJournal keeping) {
        FlowLayout layout = new FlowLayout(spec, isSpread());
        if (!laidOut) {
            return keeping.layOut(spec.name(), layout).map(done -> {
                laidOut = true;
                return true;
            });
        }
        return aside ? isStill(keeping, layout) : Future.succeededFuture(true);
    }

    private Future<Boolean> isStill(FlowJournal keeping, FlowLayout layout) {
        return keeping.isLaidOut(spec.name(), layout).map(still -> {
            if (!still && !aside) {
                run.warn(
                        "a version with another key runs on other nodes; this node waits until it reads its file again");
            }
            aside = !still;
            return still;
        });
    }

    private void lookAgain(Set<Integer> wanted) {
        looks = wanted.equals(awaited) ? looks + 1 : 0;
        awaited = wanted;
        if (again == null && !closed && looks < MOST_AGAIN) {
            again = Timers.of(vertx).after(AGAIN, () -> {
                again = null;
                look();
            });
        }
    }

    /** Where one process alone can work on it, partitions would be of no use. */
    private boolean isSpread() {
        boolean shared = journal == null ? vertx.isClustered() : journal.isShared();
        return shared && spec.isSpread();
    }

    private Future<Void> change(Map<Integer, Long> now) {
        if (now.equals(owned) && !renew && (lane != null || now.isEmpty())) {
            publishState();
            return Future.succeededFuture();
        }
        Map<Integer, Long> before = owned;
        renew = false;
        return end().compose(ended -> giveBack(without(before, now.keySet()))).compose(given -> {
            owned = Map.of();
            publishState();
            return now.isEmpty() || closed ? Future.succeededFuture() : beginInForce(now);
        });
    }

    private static Map<Integer, Long> without(Map<Integer, Long> before, Set<Integer> still) {
        Map<Integer, Long> gone = new HashMap<>(before);
        gone.keySet().removeAll(new HashSet<>(still));
        return gone;
    }

    /** What was claimed before the flow was laid out anew is of no use, so this is asked once it is claimed. */
    private Future<Void> beginInForce(Map<Integer, Long> now) {
        FlowJournal shared = journal;
        return shared == null
                ? begin(now)
                : isStill(shared, new FlowLayout(spec, isSpread()))
                        .compose(still -> still ? begin(now) : giveBack(now));
    }

    private Future<Void> begin(Map<Integer, Long> now) {
        RunningLane made = new RunningLane(spec, services, run, new Partitioning(spec, isSpread(), now), journal);
        lane = made;
        owned = now;
        LOG.debug("flow {} runs here with {} partitions", spec.name(), now.size());
        return forgetOldStages(now)
                .compose(forgotten -> made.start())
                .onSuccess(started -> publishState())
                .onFailure(failure -> {
                    made.abandon();
                    if (lane == made) {
                        lane = null;
                    }
                });
    }

    private Future<Void> forgetOldStages(Map<Integer, Long> now) {
        if (journal == null || !now.containsKey(0)) {
            return Future.succeededFuture();
        }
        Set<String> names = new HashSet<>();
        spec.all().forEach(stage -> names.add(stage.stateName()));
        return journal.retain(spec.name(), names);
    }

    private Future<Void> end() {
        RunningLane own = lane;
        lane = null;
        return own == null ? Future.succeededFuture() : own.close().otherwiseEmpty();
    }

    private Future<Void> giveBack(Map<Integer, Long> partitions) {
        if (journal == null || partitions.isEmpty()) {
            return Future.succeededFuture();
        }
        List<FlowCommit.Claim> claims = new ArrayList<>();
        partitions.forEach((partition, token) -> claims.add(new FlowCommit.Claim(partition, token)));
        return journal.release(spec.name(), claims).otherwiseEmpty();
    }

    /** What the lane did last is not kept: it begins anew from what is. */
    private void lost(RunningLane which) {
        if (lane == which && !closed) {
            which.abandon();
            lane = null;
            renew = true;
            look();
        }
    }

    private void publishState() {
        RunningLane own = lane;
        long lag = 0;
        long dropped = 0;
        if (own != null) {
            for (LaneInput input : own.inputs()) {
                lag += input.lag();
                dropped += input.dropped();
            }
        }
        run.state(owned.size(), lag, dropped);
    }
}
