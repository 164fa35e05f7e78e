package dev.weir.presence;

import dev.weir.presence.Entry.Spot;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The copy of another node's entries. It is at a version that node had, and goes on by changes that begin there; whoever missed one
 * asks for everything. Owned by the roster's event loop.
 */
final class Peer {
    private static final int MOST_HELD = 1_000;

    private final Gathering gathering;
    private final Runnable ask;
    private final Map<Spot, Entry> entries = new HashMap<>();
    private final List<Entry> parts = new ArrayList<>();
    private final List<JsonObject> held = new ArrayList<>();
    private long version;
    private int nextPart;
    private long partsVersion;
    private boolean asked;

    /** @param ask asks the node for all of its entries */
    Peer(Gathering gathering, Runnable ask) {
        this.gathering = gathering;
        this.ask = ask;
    }

    void changes(JsonObject letter) {
        if (letter.getLong("to") <= version) {
            return;
        }
        if (letter.getLong("from") == version && !asked) {
            apply(letter);
        } else {
            if (held.size() < MOST_HELD) {
                held.add(letter);
            }
            askOnce();
        }
    }

    /** The node has that version now; what it had asked for and not got by then is lost, and it asks again. */
    void alive(long now) {
        if (now > version) {
            asked = false;
            askOnce();
        }
    }

    void part(JsonObject letter) {
        int part = letter.getInteger("part");
        if (part == 0) {
            parts.clear();
            partsVersion = letter.getLong("version");
        } else if (part != nextPart || letter.getLong("version") != partsVersion) {
            return;
        }
        nextPart = part + 1;
        parts.addAll(Letters.put(letter));
        if (nextPart == letter.getInteger("of") && partsVersion >= version) {
            replace();
        }
    }

    private void replace() {
        version = partsVersion;
        asked = false;
        Set<Spot> gone = new HashSet<>(entries.keySet());
        parts.forEach(entry -> gone.remove(entry.spot()));
        parts.forEach(this::put);
        gone.forEach(this::remove);
        parts.clear();
        List<JsonObject> later = List.copyOf(held);
        held.clear();
        later.forEach(this::changes);
    }

    /** Who comes is put before who goes is removed: a member that changes its session never leaves. */
    private void apply(JsonObject letter) {
        version = letter.getLong("to");
        Letters.put(letter).forEach(this::put);
        Letters.removed(letter).forEach(this::remove);
    }

    private void put(Entry entry) {
        Entry before = entries.put(entry.spot(), entry);
        if (entry.equals(before)) {
            return;
        }
        gathering.put(entry);
        if (before != null && !before.member().equals(entry.member())) {
            gathering.remove(before);
        }
    }

    private void remove(Spot spot) {
        Entry gone = entries.remove(spot);
        if (gone != null) {
            gathering.remove(gone);
        }
    }

    private void askOnce() {
        if (!asked) {
            asked = true;
            ask.run();
        }
    }

    /** The node is gone, and everybody on it. */
    void removeAll() {
        List.copyOf(entries.keySet()).forEach(this::remove);
    }
}
