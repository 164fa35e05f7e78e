package dev.weir.journal.flow;

import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Journal;
import dev.weir.bus.Refusal;
import dev.weir.journal.Cut;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EventRow;
import dev.weir.journal.Work;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Flows over a node's journal. Where nodes share the store partitions are claimed there, and each commit looks whether its claims are
 * in force; where a process is alone with it they are claimed in memory, and what a lane reads or gives back waits for what was
 * committed before.
 */
public final class EngineFlows implements FlowJournal {
    private static final Set<Integer> ALL =
            IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toUnmodifiableSet());

    private final EngineJournal journal;
    private final Clock clock;
    private final String node;
    private final LocalClaims local = new LocalClaims();

    /**
     * @param journal one that keeps work
     * @param node under which name partitions are claimed
     */
    public EngineFlows(EngineJournal journal, Clock clock, String node) {
        this.journal = journal;
        this.clock = clock;
        this.node = node;
    }

    @Override
    public boolean isShared() {
        return journal.isShared();
    }

    @Override
    public Future<Set<String>> addresses() {
        return journal.addresses();
    }

    @Override
    public Future<Set<String>> present(Set<String> nodes, Duration ttl) {
        Set<String> asked = Set.copyOf(nodes);
        return isShared()
                ? journal.ask(store -> store.flows().present(asked, node, ttl.toMillis()))
                : Future.succeededFuture(asked);
    }

    @Override
    public Future<Boolean> isLaidOut(String flow, Layout layout) {
        return isShared()
                ? journal.ask(store -> store.flows().layout(flow))
                        .map(name -> name.isEmpty() || name.get().equals(layout.name()))
                : Future.succeededFuture(true);
    }

    @Override
    public Future<Void> layOut(String flow, Layout layout) {
        return isShared()
                ? journal.ask(store -> store.flows().layout(flow))
                        .compose(name -> name.isPresent() && name.get().equals(layout.name())
                                ? Future.succeededFuture()
                                : journal.change(store -> {
                                            store.flows().layOut(flow, layout);
                                            return true;
                                        })
                                        .mapEmpty())
                : Future.succeededFuture();
    }

    @Override
    public Future<Map<Integer, Long>> claim(String flow, Set<Integer> wanted, Duration ttl) {
        Set<Integer> partitions = Set.copyOf(wanted);
        return isShared()
                ? journal.ask(store -> store.flows().claim(flow, partitions, node, ttl.toMillis()))
                : Future.succeededFuture(local.claim(flow, partitions));
    }

    @Override
    public Future<Void> release(String flow, List<FlowCommit.Claim> claims) {
        List<FlowCommit.Claim> given = List.copyOf(claims);
        if (!isShared()) {
            local.release(flow, given);
            return written();
        }
        // Also when nothing can be written: what is left of it then is refused, since its claims are gone.
        return written()
                .transform(either -> journal.ask(store -> {
                    store.flows().release(flow, given, node);
                    return true;
                }))
                .mapEmpty();
    }

    /** What was to be kept before is. */
    private Future<Void> written() {
        return journal.change(store -> true).mapEmpty();
    }

    @Override
    public Future<Standing> standing(String flow, Set<Integer> partitions) {
        Set<Integer> which = Set.copyOf(partitions);
        return written().compose(nothing -> journal.ask(store -> store.flows().standing(flow, which)));
    }

    @Override
    public Future<Boolean> commit(FlowCommit commit) {
        Cut cut;
        try {
            cut = Cut.of(commit, isShared());
        } catch (IllegalArgumentException notKeepable) {
            return Future.failedFuture(invalid(notKeepable));
        }
        if (isShared()) {
            return commit.claims().isEmpty()
                    ? Future.failedFuture(new IllegalArgumentException("nodes share the journal, so claims are needed"))
                    : journal.keep(cut);
        }
        Future<Boolean> kept = local.whileHeld(commit.flow(), commit.claims(), () -> journal.keep(cut));
        return kept == null ? Future.succeededFuture(false) : kept;
    }

    private static Refusal invalid(IllegalArgumentException notKeepable) {
        return new Refusal(FailureCode.INVALID_EVENT, String.valueOf(notKeepable.getMessage()));
    }

    @Override
    public @Nullable Refusal refusal(String address, Journal.Entry entry) {
        try {
            EventRow.check(entry.headers(), entry.body());
        } catch (IllegalArgumentException notKeepable) {
            return invalid(notKeepable);
        }
        return journal.refusal(address);
    }

    @Override
    public Future<Replayed> replay(String flow, List<FlowCommit.Claim> claims, Replay replay) {
        List<Work.Fence> fences = isShared() ? Cut.fences(flow, claims) : List.of();
        Set<Integer> partitions = claims.isEmpty() && !isShared()
                ? ALL
                : claims.stream().map(FlowCommit.Claim::partition).collect(Collectors.toUnmodifiableSet());
        Supplier<Future<Optional<Replayed>>> asked =
                () -> journal.change(store -> store.flows().replay(flow, fences, partitions, replay, clock.millis()));
        Future<Optional<Replayed>> done = isShared() ? asked.get() : local.whileHeld(flow, claims, asked);
        return done == null
                ? Future.failedFuture(taken(flow))
                : done.map(found -> found.orElseThrow(() -> taken(flow)));
    }

    private static Refusal taken(String flow) {
        return new Refusal(
                FailureCode.UNAVAILABLE, "another node has taken over partitions of the flow '" + flow + "'");
    }

    @Override
    public Future<Void> retain(String flow, Set<String> stages) {
        Set<String> kept = Set.copyOf(stages);
        return untilDone(store -> store.flows().retain(flow, kept));
    }

    @Override
    public Future<Void> forget(String flow) {
        local.forget(flow);
        return untilDone(store -> store.flows().forget(flow));
    }

    /** A part at a time, so that producers need not wait for all of it. */
    private Future<Void> untilDone(EngineJournal.Question<Boolean> part) {
        return journal.change(part).compose(more -> more ? untilDone(part) : Future.succeededFuture());
    }
}
