package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A lane on a virtual clock that writes down what comes out and reaches nothing. Owned by the thread that advances the clock. */
final class TestLane implements Lane {
    /**
     * Something that came out.
     *
     * @param to an address, or the id of another target
     * @param attributes its headers
     * @param cause the id of the event that caused it
     */
    record Emitted(
            long atMillis,
            String to,
            @Nullable String type,
            @Nullable String key,
            @Nullable Object data,
            MultiMap attributes,
            @Nullable String cause) {}

    private final VirtualTime time;
    private final Map<String, List<Rehearsal.Answer>> answers;
    private final Map<String, Integer> asked = new HashMap<>();
    private final Map<String, StageCounts> counts = new HashMap<>();
    private final List<Emitted> emitted = new ArrayList<>();
    private final List<FlowCommit.Dead> dead = new ArrayList<>();
    private final Map<String, Latest> tables = new HashMap<>();
    private final TestStore store = new TestStore();
    private Cut cut = new Cut();
    private @Nullable String stopped;
    private Runnable onLeft = () -> {};
    private long ids;

    TestLane(VirtualTime time, Map<String, List<Rehearsal.Answer>> answers) {
        this.time = time;
        this.answers = answers;
    }

    /** Says who hears that an event waits no more. */
    void onLeft(Runnable listener) {
        onLeft = listener;
    }

    List<Emitted> emitted() {
        return emitted;
    }

    List<FlowCommit.Dead> dead() {
        return dead;
    }

    @Nullable
    String stopped() {
        return stopped;
    }

    Map<String, StageCounts> counts() {
        return counts;
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
            public Answer answer() {
                List<Answer> all = answers.getOrDefault(stage, List.of());
                if (all.isEmpty()) {
                    throw new StageException(
                            "the stage '" + stage + "' asks others, and there is no answer for it: add answers: {"
                                    + stage + ": [{data: ...}]}");
                }
                return all.get(Math.min(asked.merge(stage, 1, Integer::sum), all.size()) - 1);
            }

            @Override
            public boolean isAnswered() {
                return answers.containsKey(stage);
            }

            @Override
            public void emitted(String target, FlowEvent event) {
                emitted.add(new Emitted(
                        time.millis(), target, event.type(), event.key(), event.data(), event.emission(), event.id()));
            }
        };
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
        emitted.add(new Emitted(
                time.millis(),
                address,
                headers.get(EventHeaders.TYPE),
                headers.get(EventHeaders.SUBJECT),
                data,
                headers,
                headers.get(EventHeaders.PREFIX + "causationid")));
        return null;
    }

    @Override
    public Lookup lookup(String address) {
        return tables.computeIfAbsent(address, first -> {
            Latest table = new Latest(Integer.MAX_VALUE);
            table.ready();
            return table;
        });
    }

    /** The table of an address in which stages look things up; null when none does. */
    @Nullable
    Latest table(String address) {
        return tables.get(address);
    }

    @Override
    public void tell(String address, String type, JsonObject data) {
        emitted.add(new Emitted(time.millis(), address, type, null, data, MultiMap.caseInsensitiveMultiMap(), null));
    }

    @Override
    public void entered(Item item) {
        if (!item.stored) {
            changed(item);
        }
    }

    @Override
    public void changed(Item item) {
        cut.waits(item);
    }

    @Override
    public void left(Item item) {
        cut.left(item);
        onLeft.run();
    }

    @Override
    public void remember(StateTable<?> table, String key) {
        cut.remember(table, key);
    }

    /** Keeps the cut, as a journal would. */
    void commit() {
        Cut done = cut;
        cut = new Cut();
        store.keep(done.toCommit("test", List.of(), List.of()));
    }

    /** What is kept. */
    TestStore store() {
        return store;
    }

    @Override
    public void dead(FlowCommit.Dead letter) {
        dead.add(letter);
    }

    @Override
    public void stop(String why) {
        stopped = why;
    }

    @Override
    public StageCounts counts(StageSpec stage) {
        return counts.computeIfAbsent(stage.id(), first -> new StageCounts());
    }
}
