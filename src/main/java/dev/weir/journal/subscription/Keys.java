package dev.weir.journal.subscription;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who goes first: of the items with one key only the first is on its way, the others queue behind it. Owned by the dispatcher. */
final class Keys {
    private final Map<String, Deque<Item>> queues = new HashMap<>();

    /** Whether the item is the first of its key; else it queues. */
    boolean enter(Item item) {
        String key = item.key;
        if (key == null) {
            return true;
        }
        Deque<Item> queue = queues.computeIfAbsent(key, first -> new ArrayDeque<>(2));
        queue.add(item);
        return queue.peek() == item;
    }

    /** Takes a settled item out; what it returns is the first of its key now. */
    @Nullable
    Item leave(Item item) {
        Deque<Item> queue = item.key == null ? null : queues.get(item.key);
        if (queue == null) {
            return null;
        }
        boolean first = queue.peek() == item;
        queue.remove(item);
        if (queue.isEmpty()) {
            queues.remove(item.key);
        }
        return first ? queue.peek() : null;
    }

    /** The first of the item's key, itself when nothing is before it. */
    Item first(Item item) {
        Deque<Item> queue = item.key == null ? null : queues.get(item.key);
        Item first = queue == null ? null : queue.peek();
        return first == null ? item : first;
    }

    /** All of the item's key, it included. */
    Collection<Item> all(Item item) {
        Deque<Item> queue = item.key == null ? null : queues.get(item.key);
        return queue == null ? List.of(item) : List.copyOf(queue);
    }

    void clear() {
        queues.clear();
    }
}
