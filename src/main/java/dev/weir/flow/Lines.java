package dev.weir.flow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Events that wait at a step: those of a key one behind the other, the first of them is the one that is worked on; events without a
 * key wait for nobody. Owned by the lane's event loop.
 */
final class Lines {
    private final Lane lane;
    private final StageCounts counts;
    private final Consumer<Item> attempt;
    private final Map<String, Deque<Item>> lines = new HashMap<>();
    private final Deque<Item> ready = new ArrayDeque<>();
    private final List<Item> restored = new ArrayList<>(0);
    private int waiting;
    private boolean draining;
    private boolean closed;

    /** @param attempt works on an event whose turn it is */
    Lines(Lane lane, StageCounts counts, Consumer<Item> attempt) {
        this.lane = lane;
        this.counts = counts;
        this.attempt = attempt;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    /** Whether an event would have to wait behind another one. */
    boolean isTaken(FlowEvent event) {
        if (lines.isEmpty()) {
            return false;
        }
        String key = event.key();
        return key != null && lines.containsKey(key);
    }

    /** It waits from now on, behind those of its key. */
    void enter(Item item) {
        place(item);
        lane.entered(item);
    }

    private void place(Item item) {
        counts.held = ++waiting;
        if (!item.key.isEmpty()) {
            lines.computeIfAbsent(item.key, first -> new ArrayDeque<>(2)).add(item);
        }
    }

    private boolean isFirst(Item item) {
        Deque<Item> line = lines.get(item.key);
        return line == null || line.peek() == item;
    }

    /** One that waited before waits again, until {@link #begin}. */
    void restore(Item item) {
        enter(item);
        restored.add(item);
    }

    /** Goes on with what was taken up; once all steps have taken up theirs, so that nothing overtakes what waits behind. */
    void begin() {
        List<Item> all = List.copyOf(restored);
        restored.clear();
        for (Item item : all) {
            if (item.state == Item.State.BEHIND && isFirst(item)) {
                whenDue(item);
            }
        }
    }

    /** Has it tried when its time has come. */
    void whenDue(Item item) {
        long wait = item.dueMillis - lane.clock().millis();
        if (item.dueMillis == 0 || wait <= 0) {
            item.state = Item.State.READY;
            ready.add(item);
            drain();
            return;
        }
        item.state = Item.State.WAITING;
        item.timer = lane.timers().after(Duration.ofMillis(wait), () -> {
            item.timer = null;
            item.dueMillis = 0;
            whenDue(item);
        });
    }

    /** One after another, however many become free while one is worked on. */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            for (Item item = ready.poll(); item != null && !closed; item = ready.poll()) {
                if (item.state == Item.State.READY) {
                    attempt.accept(item);
                }
            }
        } finally {
            draining = false;
        }
    }

    /** It waits no more; the one behind it goes on. */
    void leave(Item item) {
        item.state = Item.State.GONE;
        item.stopTimer();
        counts.held = --waiting;
        Deque<Item> line = lines.get(item.key);
        if (line != null) {
            line.remove(item);
            if (line.isEmpty()) {
                lines.remove(item.key);
            }
        }
        lane.left(item);
        Item behind = line == null ? null : line.peek();
        if (behind != null && behind.state == Item.State.BEHIND) {
            whenDue(behind);
        }
    }

    void close() {
        closed = true;
        for (Deque<Item> line : lines.values()) {
            line.forEach(Lines::drop);
        }
        ready.forEach(Lines::drop);
        lines.clear();
        ready.clear();
        counts.held = 0;
    }

    private static void drop(Item item) {
        item.stopTimer();
        item.state = Item.State.GONE;
    }
}
