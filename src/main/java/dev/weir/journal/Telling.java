package dev.weir.journal;

import dev.weir.bus.Head;
import dev.weir.bus.Journal.Entry;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.SpanKind;
import dev.weir.bus.Spans;
import dev.weir.bus.Wire;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of what is durable, from one event loop at a time: first whoever listens, in the order of each log, all events of a transaction
 * on one address as one stretch; then the producers, with one hop to each event loop however many of them wait there. When all
 * of them wait on one event loop they are told there, which saves them a hop. Called by the writer.
 */
final class Telling {
    private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

    /** An append with what became of it. */
    private record Done(Commit commit, Outcome outcome) {
        @SuppressWarnings("unchecked") // Every append has such a promise.
        void acknowledge() {
            ((PromiseInternal<Outcome>) commit.done()).tryComplete(outcome);
        }
    }

    /** The new events of one log. */
    private record Stretch(Head head, long from, List<KeptEvent> events) {
        long to() {
            return from + events.size();
        }
    }

    private final VertxInternal vertx;
    private final Context own;
    private final Map<EventLoop, Context> others = new HashMap<>();
    private final Consumer<Kept> announce;
    private final Spans spans;
    private final AtomicInteger untold = new AtomicInteger();
    private Context current;

    /** @param announce told of each stretch */
    Telling(VertxInternal vertx, Consumer<Kept> announce) {
        this.vertx = vertx;
        this.own = vertx.createEventLoopContext();
        this.current = own;
        this.announce = announce;
        this.spans = Spans.of(vertx);
    }

    /** What one transaction has kept. */
    void committed(List<Commit> commits, List<Outcome> outcomes, long began, long took) {
        if (untold.get() == 0) {
            // Nothing is on its way that this could overtake.
            current = context(commits);
        }
        untold.incrementAndGet();
        current.runOnContext(now -> {
            try {
                record(commits, outcomes, began, took);
                tell(commits, outcomes);
            } finally {
                // What is kept is acknowledged, whatever became of telling it.
                untold.decrementAndGet();
                acknowledge(commits, outcomes);
            }
        });
    }

    private void record(List<Commit> commits, List<Outcome> outcomes, long began, long took) {
        if (!spans.isActive()) {
            return;
        }
        for (int i = 0; i < commits.size(); i++) {
            Commit commit = commits.get(i);
            for (int j = 0; j < commit.entries().size(); j++) {
                MultiMap headers = commit.entries().get(j).headers();
                if (spans.isOn(headers)) {
                    int group = commits.stream().mapToInt(Commit::events).sum();
                    long offset = outcomes.get(i).offsets()[j];
                    String address = commit.append().address();
                    spans.record(SpanKind.COMMIT, address, headers, began, took, "group", group, "offset", offset);
                }
            }
        }
    }

    private Context context(List<Commit> commits) {
        EventLoop only = Gathering.loop(commits.get(0));
        if (only == null || !isLoopOfAll(only, commits)) {
            return own;
        }
        return others.computeIfAbsent(
                only, loop -> vertx.contextBuilder().withEventLoop(loop).build());
    }

    /** By hand: a stream costs more than what it looks at. */
    private static boolean isLoopOfAll(EventLoop loop, List<Commit> commits) {
        for (Commit commit : commits) {
            if (Gathering.loop(commit) != loop) {
                return false;
            }
        }
        return true;
    }

    private void tell(List<Commit> commits, List<Outcome> outcomes) {
        Map<String, Stretch> stretches = new LinkedHashMap<>();
        for (int i = 0; i < commits.size(); i++) {
            Append append = commits.get(i).append();
            Outcome outcome = outcomes.get(i);
            Stretch stretch = stretches.get(append.address());
            if (stretch == null || stretch.to() != outcome.from()) {
                if (stretch != null) {
                    announce(append.address(), stretch);
                }
                stretch = new Stretch(outcome.head(), outcome.from(), new ArrayList<>());
                stretches.put(append.address(), stretch);
            }
            collect(commits.get(i), outcome, stretch.events());
        }
        stretches.forEach(this::announce);
    }

    private void announce(String address, Stretch stretch) {
        if (stretch.events().isEmpty()) {
            return;
        }
        try {
            announce.accept(new Kept(address, stretch.head(), stretch.from(), stretch.to(), stretch.events()));
        } catch (RuntimeException bug) {
            // They are kept all the same, and whoever listens finds them there.
            LOG.error("events of {} were kept but not told", address, bug);
        }
    }

    private static void collect(Commit commit, Outcome outcome, List<KeptEvent> fresh) {
        boolean[] repeats = outcome.repeats();
        for (int i = 0; i < repeats.length; i++) {
            if (!repeats[i]) {
                Entry entry = commit.entries().get(i);
                long offset = outcome.offsets()[i];
                MultiMap headers = placed(entry.headers(), outcome.head().epoch(), offset);
                byte[] json = commit.append().rows().get(i).json();
                fresh.add(KeptEvent.written(offset, headers, entry.body(), json));
            }
        }
    }

    /** Adds an event's place to its headers. */
    static MultiMap placed(MultiMap headers, String epoch, long offset) {
        return headers.set(Wire.EPOCH, epoch).set(Wire.OFFSET, Long.toString(offset));
    }

    private static void acknowledge(List<Commit> commits, List<Outcome> outcomes) {
        Map<EventLoop, List<Done>> byLoop = new LinkedHashMap<>(4);
        for (int i = 0; i < commits.size(); i++) {
            Done done = new Done(commits.get(i), outcomes.get(i));
            EventLoop loop = Gathering.loop(done.commit());
            if (loop == null || loop.inEventLoop()) {
                done.acknowledge();
            } else {
                byLoop.computeIfAbsent(loop, unseen -> new ArrayList<>()).add(done);
            }
        }
        byLoop.forEach((loop, waiting) -> loop.execute(() -> waiting.forEach(Done::acknowledge)));
    }
}
