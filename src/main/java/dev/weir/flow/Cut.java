package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.Publisher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happened in a lane since its last commit. Owned by the lane's event loop. */
final class Cut {
    private final List<FlowCommit.Append> appends = new ArrayList<>();
    private final Map<StateTable<?>, Set<String>> remembered = new LinkedHashMap<>();
    private final Set<Item> waiting = new LinkedHashSet<>();
    private final List<String> gone = new ArrayList<>();
    private final List<FlowCommit.Dead> dead = new ArrayList<>();
    private final List<Publisher.Prepared> plain = new ArrayList<>();
    private int events;
    private boolean touched;

    /** An event was read. */
    void read() {
        events++;
    }

    /** Something is to be kept though no event was handled. */
    void touch() {
        touched = true;
    }

    /** How many events were read. */
    int events() {
        return events;
    }

    void append(FlowCommit.Append append) {
        appends.add(append);
    }

    /** To be emitted once the cut is kept. */
    void emit(Publisher.Prepared prepared) {
        plain.add(prepared);
    }

    List<Publisher.Prepared> plain() {
        return plain;
    }

    void remember(StateTable<?> table, String key) {
        remembered.computeIfAbsent(table, first -> new LinkedHashSet<>()).add(key);
    }

    void waits(Item item) {
        waiting.add(item);
    }

    void left(Item item) {
        waiting.remove(item);
        if (item.stored) {
            gone.add(item.id);
        }
    }

    /** One that is stored is not there any more. */
    void gone(String id) {
        gone.add(id);
    }

    void bury(FlowCommit.Dead letter) {
        dead.add(letter);
    }

    List<FlowCommit.Dead> dead() {
        return dead;
    }

    boolean isEmpty() {
        return events == 0
                && !touched
                && appends.isEmpty()
                && remembered.isEmpty()
                && waiting.isEmpty()
                && gone.isEmpty()
                && dead.isEmpty()
                && plain.isEmpty();
    }

    /** As it is to be kept; what waits counts as stored from now on. */
    FlowCommit toCommit(String flow, List<FlowCommit.Claim> claims, List<FlowCommit.Cursor> cursors) {
        List<FlowCommit.State> states = new ArrayList<>();
        remembered.forEach((table, keys) -> keys.forEach(key -> states.add(table.stored(key))));
        List<FlowCommit.Parked> parked = new ArrayList<>(waiting.size());
        for (Item item : waiting) {
            parked.add(item.parked());
            item.stored = true;
        }
        return new FlowCommit(flow, claims, cursors, appends, states, parked, gone, dead);
    }
}
