package dev.weir.presence;

import dev.weir.time.Clock;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The copies of all other nodes' entries. Those of a node that has left the cluster stay for the time of grace, in which its
 * clients come back elsewhere. Owned by the roster's event loop.
 */
final class Peers {
    private final String self;
    private final Clock clock;
    private final long graceNanos;
    private final Supplier<List<String>> members;
    private final Gathering gathering;
    private final OwnEntries own;
    private final Mail mail;
    private final Tally tally;
    private final Map<String, Peer> peers = new HashMap<>();
    private final Map<String, Long> absentSinceNanos = new HashMap<>();

    /** @param members ids of the nodes of the cluster */
    Peers(
            String self,
            Clock clock,
            Duration grace,
            Supplier<List<String>> members,
            Gathering gathering,
            OwnEntries own,
            Mail mail,
            Tally tally) {
        this.self = self;
        this.clock = clock;
        this.graceNanos = grace.toNanos();
        this.members = members;
        this.gathering = gathering;
        this.own = own;
        this.mail = mail;
        this.tally = tally;
    }

    /** A letter of another node, or one of our own that came back. */
    void received(JsonObject letter) {
        String from = letter.getString("node");
        if (from.equals(self)) {
            return;
        }
        switch (letter.getString("kind")) {
            case Letters.CHANGES -> peer(from).changes(letter);
            case Letters.ALIVE -> peer(from).alive(letter.getLong("version"));
            case Letters.PART -> peer(from).part(letter);
            case Letters.ASK -> own.sendAll(from);
            default -> {
                // A newer node says more than this one understands.
            }
        }
    }

    private Peer peer(String node) {
        return peers.computeIfAbsent(
                node,
                key -> new Peer(gathering, () -> {
                    tally.copies.increment();
                    mail.one(node, Letters.ask(self));
                }));
    }

    /** Once a second: whether all of them are still there. */
    void check() {
        Set<String> there = Set.copyOf(members.get());
        long now = clock.nanos();
        for (Iterator<Map.Entry<String, Peer>> each = peers.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<String, Peer> peer = each.next();
            if (there.contains(peer.getKey())) {
                absentSinceNanos.remove(peer.getKey());
            } else if (now - absentSinceNanos.computeIfAbsent(peer.getKey(), key -> now) >= graceNanos) {
                peer.getValue().removeAll();
                each.remove();
                absentSinceNanos.remove(peer.getKey());
            }
        }
    }
}
