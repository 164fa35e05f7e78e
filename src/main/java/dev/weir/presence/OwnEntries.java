package dev.weir.presence;

import dev.weir.bus.Attendee;
import dev.weir.presence.Entry.Spot;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The entries of this node's sessions. Each batch of changes makes a new version, which the other nodes are told. An entry whose
 * session lost its connection stays for the time of grace, or until its member is back here. Owned by the roster's event loop.
 */
final class OwnEntries {
    private static final Duration BATCH = Duration.ofMillis(10);
    private static final int PART = 500;

    private final String node;
    private final Clock clock;
    private final Timers timers;
    private final Duration grace;
    private final Gathering gathering;
    private final Mail mail;
    private final Tally tally;
    private final Map<Spot, Entry> entries = new HashMap<>();
    private final Map<Spot, Timers.Timer> lost = new HashMap<>();
    private final Set<Spot> unsaid = new LinkedHashSet<>();
    private long version;

    OwnEntries(String node, Clock clock, Timers timers, Duration grace, Gathering gathering, Mail mail, Tally tally) {
        this.node = node;
        this.clock = clock;
        this.timers = timers;
        this.grace = grace;
        this.gathering = gathering;
        this.mail = mail;
        this.tally = tally;
    }

    void join(Spot spot, Attendee who) {
        found(spot);
        Entry bare = new Entry(spot, who, clock.millis(), clock.millis());
        Present member = gathering.member(bare);
        Entry entry = member == null
                ? bare
                : new Entry(
                        spot,
                        who,
                        Math.min(bare.sinceMillis(), member.sinceMillis()),
                        Math.max(bare.stamp(), member.lastStamp() + 1));
        Entry before = entries.put(spot, entry);
        gathering.put(entry);
        if (before == null) {
            tally.entries.increment();
        } else if (!before.member().equals(entry.member())) {
            gathering.remove(before);
        }
        unsaid(spot);
        if (member != null) {
            List.copyOf(member.sessions().values()).stream()
                    .map(Entry::spot)
                    .filter(lost::containsKey)
                    .forEach(this::leave);
        }
    }

    void leave(Spot spot) {
        found(spot);
        Entry gone = entries.remove(spot);
        if (gone != null) {
            tally.entries.decrement();
            gathering.remove(gone);
            unsaid(spot);
        }
    }

    void lost(Spot spot) {
        if (!entries.containsKey(spot)) {
            return;
        }
        if (grace.isZero()) {
            leave(spot);
        } else {
            found(spot);
            lost.put(spot, timers.after(grace, () -> leave(spot)));
        }
    }

    private void found(Spot spot) {
        Timers.Timer leaving = lost.remove(spot);
        if (leaving != null) {
            leaving.cancel();
        }
    }

    private void unsaid(Spot spot) {
        if (unsaid.isEmpty()) {
            timers.after(BATCH, this::say);
        }
        unsaid.add(spot);
    }

    private void say() {
        if (unsaid.isEmpty()) {
            return;
        }
        List<Entry> put = new ArrayList<>();
        List<Spot> removed = new ArrayList<>();
        for (Spot spot : unsaid) {
            Entry entry = entries.get(spot);
            if (entry == null) {
                removed.add(spot);
            } else {
                put.add(entry);
            }
        }
        unsaid.clear();
        mail.all(Letters.changes(node, version, ++version, put, removed));
    }

    /** Tells the version, for who missed something. A node that never had an entry has nothing to tell. */
    void alive() {
        if (version > 0) {
            mail.all(Letters.alive(node, version));
        }
    }

    /** Sends everything to another node, in parts. */
    void sendAll(String to) {
        // What is in the entries must be in the version that is sent with them.
        say();
        if (version == 0) {
            return;
        }
        List<Entry> all = List.copyOf(entries.values());
        int parts = Math.max(1, (all.size() + PART - 1) / PART);
        for (int part = 0; part < parts; part++) {
            List<Entry> some = all.subList(part * PART, Math.min(all.size(), (part + 1) * PART));
            JsonObject letter = Letters.part(node, version, part, parts, some);
            mail.one(to, letter);
        }
    }
}
