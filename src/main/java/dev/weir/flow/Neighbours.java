package dev.weir.flow;

import dev.weir.bus.FlowJournal;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes work on kept flows: those of the cluster of which the journal has heard within seconds. The cluster gives up a node that
 * hangs only after 10 s, one that does not reach the journal never, and some members have no flows; the partitions of all of these
 * are others' work. Owned by the event loop of all flows; asked by any thread.
 */
final class Neighbours {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration HEARD = Duration.ofSeconds(3);

    private final FlowServices services;
    private final Runnable changed;
    private volatile @Nullable Set<String> known;
    private Set<String> before = Set.of();
    private Timers.Timer looking = () -> {};
    private boolean asking;

    /** @param changed called when it is another set of nodes */
    Neighbours(FlowServices services, Runnable changed) {
        this.services = services;
        this.changed = changed;
    }

    /** Begins to look; completes when it is known who is there, or the journal does not answer. */
    Future<Void> start() {
        looking = Timers.of(services.vertx()).every(LOOK, this::look);
        return look();
    }

    void stop() {
        looking.cancel();
    }

    /** Those that are there, this node included; all of the cluster while the journal has not said. */
    List<String> present() {
        Set<String> there = known;
        List<String> all = services.nodes().get();
        return there == null
                ? all
                : all.stream()
                        .filter(node -> there.contains(node) || node.equals(services.nodeId()))
                        .toList();
    }

    private Future<Void> look() {
        FlowJournal journal = services.journal().get();
        if (journal == null || !journal.isShared() || asking) {
            return Future.succeededFuture();
        }
        asking = true;
        return journal.present(Set.copyOf(services.nodes().get()), HEARD).transform(answer -> {
            asking = false;
            // Who does not reach the journal cannot claim anything either.
            if (answer.succeeded()) {
                heard(answer.result());
            }
            return Future.succeededFuture();
        });
    }

    /** Gone is who is missing twice: after an outage of the journal nobody has said anything yet. */
    private void heard(Set<String> now) {
        Set<String> either = new HashSet<>(now);
        either.addAll(before);
        before = Set.copyOf(now);
        if (!either.equals(known)) {
            known = Set.copyOf(either);
            changed.run();
        }
    }
}
