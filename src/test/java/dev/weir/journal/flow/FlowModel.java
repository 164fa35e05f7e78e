package dev.weir.journal.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.journal.Engine;
import dev.weir.journal.Stored;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an engine must hold of flows, and of what they appended, in memory and as plainly as it can be said. */
final class FlowModel {
    private record Place(int partition, String name) {}

    private record Key(int partition, String stage, String key) {}

    private record Dead(int partition, String hop) {}

    private static final class Flow {
        final Map<Place, FlowCommit.Cursor> cursors = new java.util.HashMap<>();
        final Map<Key, FlowCommit.State> states = new java.util.HashMap<>();
        final TreeMap<String, String> parked = new TreeMap<>();
        final Map<String, Integer> partitions = new java.util.HashMap<>();
        final TreeMap<String, Dead> dead = new TreeMap<>();

        Flow copy() {
            Flow copy = new Flow();
            copy.cursors.putAll(cursors);
            copy.states.putAll(states);
            copy.parked.putAll(parked);
            copy.partitions.putAll(partitions);
            copy.dead.putAll(dead);
            return copy;
        }
    }

    private final Map<String, Flow> flows = new TreeMap<>();
    private final Map<String, List<String>> logs = new TreeMap<>();

    FlowModel copy() {
        FlowModel copy = new FlowModel();
        flows.forEach((name, flow) -> copy.flows.put(name, flow.copy()));
        logs.forEach((address, ids) -> copy.logs.put(address, new ArrayList<>(ids)));
        return copy;
    }

    private Flow flow(String name) {
        return flows.computeIfAbsent(name, first -> new Flow());
    }

    private static String text(FlowCommit.Parked parked) {
        return parked.partition() + " " + parked.stage() + " " + parked.key() + " " + parked.dueMillis() + " "
                + parked.attempts() + " " + parked.failures() + " " + parked.place() + " " + parked.body();
    }

    void apply(FlowCommit cut) {
        Flow flow = flow(cut.flow());
        cut.cursors().forEach(each -> flow.cursors.put(new Place(each.partition(), each.input()), each));
        for (FlowCommit.State each : cut.states()) {
            Key key = new Key(each.partition(), each.stage(), each.key());
            if (each.json() == null) {
                flow.states.remove(key);
            } else {
                flow.states.put(key, each);
            }
        }
        cut.parked().forEach(each -> park(flow, each));
        cut.unparked().forEach(flow.parked::remove);
        cut.dead().forEach(each -> flow.dead.putIfAbsent(each.id(), new Dead(each.partition(), each.hop())));
        cut.appends()
                .forEach(each -> append(each.address(), each.entry().headers().get("ce-id")));
    }

    private static void park(Flow flow, FlowCommit.Parked parked) {
        flow.parked.put(parked.id(), text(parked));
        flow.partitions.put(parked.id(), parked.partition());
    }

    void append(String address, String id) {
        List<String> log = logs.computeIfAbsent(address, first -> new ArrayList<>());
        if (!log.contains(id)) {
            log.add(id);
        }
    }

    void retain(String name, Set<String> stages) {
        Flow flow = flow(name);
        flow.states.keySet().removeIf(key -> !stages.contains(key.stage()));
    }

    void forget(String name) {
        Flow flow = flow(name);
        flow.cursors.clear();
        flow.states.clear();
        flow.parked.clear();
    }

    List<String> parked(String name) {
        return List.copyOf(flow(name).parked.keySet());
    }

    int partition(String name, String parked) {
        return flow(name).partitions.getOrDefault(parked, 0);
    }

    List<String> dead(String name) {
        return List.copyOf(flow(name).dead.keySet());
    }

    /** Checks what became of dead letters, and does it here too. */
    void replay(String name, Set<Integer> partitions, FlowJournal.Replay asked, FlowJournal.Replayed done) {
        Flow flow = flow(name);
        List<String> mine = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (String id : asked.ids()) {
            Dead dead = flow.dead.get(id);
            if (dead != null) {
                (partitions.contains(dead.partition()) ? mine : left).add(id);
            }
        }
        assertThat(done.left()).isEqualTo(left);
        assertThat(done.parked()).extracting(FlowCommit.Parked::id).isEqualTo(mine);
        for (FlowCommit.Parked each : done.parked()) {
            Dead was = flow.dead.remove(each.id());
            assertThat(List.of(each.partition(), each.stage())).isEqualTo(List.of(was.partition(), was.hop()));
            park(flow, each);
        }
    }

    void check(Engine engine, Set<Integer> partitions) throws Exception {
        for (Map.Entry<String, Flow> each : flows.entrySet()) {
            check(engine, each.getKey(), each.getValue(), partitions);
        }
        for (Map.Entry<String, List<String>> each : logs.entrySet()) {
            Stored stored = engine.read(each.getKey(), 0, 10_000);
            List<Stored.Row> rows = stored == null ? List.of() : stored.rows();
            assertThat(rows.stream().map(row -> row.event().id()).toList()).isEqualTo(each.getValue());
            for (int i = 0; i < rows.size(); i++) {
                assertThat(rows.get(i).offset()).isEqualTo(i + 1);
            }
        }
    }

    private static void check(Engine engine, String name, Flow flow, Set<Integer> partitions) throws Exception {
        WorkStore store = engine.work().orElseThrow();
        FlowJournal.Standing found = store.flows().standing(name, partitions);
        assertThat(found.cursors())
                .containsExactlyInAnyOrderElementsOf(flow.cursors.values().stream()
                        .filter(each -> partitions.contains(each.partition()))
                        .toList());
        assertThat(found.states())
                .containsExactlyInAnyOrderElementsOf(flow.states.values().stream()
                        .filter(each -> partitions.contains(each.partition()))
                        .toList());
        Map<String, String> parked = new TreeMap<>(flow.parked);
        parked.keySet().removeIf(id -> !partitions.contains(flow.partitions.get(id)));
        assertThat(found.parked().stream().map(FlowCommit.Parked::id).toList()).isEqualTo(List.copyOf(parked.keySet()));
        assertThat(found.parked().stream().map(FlowModel::text).toList()).isEqualTo(List.copyOf(parked.values()));
        WorkStore.Query all =
                new WorkStore.Query(WorkStore.Filter.of(FlowJournal.subscription(name), null), null, true, 10_000);
        Set<String> dead = store.deadLetters(all).letters().stream()
                .map(Work.DeadLetter::id)
                .collect(Collectors.toCollection(HashSet::new));
        assertThat(dead).isEqualTo(flow.dead.keySet());
    }
}
