package dev.weir.presence;

import dev.weir.bus.Attendee;
import dev.weir.bus.Member;
import dev.weir.bus.PresenceNews;
import dev.weir.bus.PresenceNews.Change;
import dev.weir.bus.PresenceNews.Kind;
import dev.weir.bus.Roster.Watcher;
import dev.weir.presence.Entry.Spot;
import dev.weir.time.VirtualTime;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Rosters of several nodes in one thread, on one virtual clock, with a net between them that can lose letters. */
final class Neighbours {
    static final Duration GRACE = Duration.ofSeconds(10);

    final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    final Map<String, Node> nodes = new LinkedHashMap<>();
    Predicate<JsonObject> loses = letter -> false;
    private final int most;

    Neighbours(int most, String... ids) {
        this.most = most;
        for (String id : ids) {
            start(id);
        }
    }

    Node start(String id) {
        Node node = new Node(id);
        nodes.put(id, node);
        node.mail.all(Letters.ask(id));
        return node;
    }

    Node node(String id) {
        return nodes.get(id);
    }

    /** It is gone, as after {@code kill -9}. */
    void kill(String id) {
        nodes.remove(id).dead = true;
    }

    void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    final class Node {
        final String id;
        final Tally tally = new Tally();
        final Gathering gathering = new Gathering(time, most, tally);
        final Mail mail;
        final OwnEntries own;
        final Peers peers;
        private boolean dead;

        private Node(String id) {
            this.id = id;
            this.mail = new Net(id);
            this.own = new OwnEntries(id, time, time, GRACE, gathering, mail, tally);
            this.peers = new Peers(id, time, GRACE, () -> List.copyOf(nodes.keySet()), gathering, own, mail, tally);
            time.every(Duration.ofSeconds(1), () -> {
                if (!dead) {
                    peers.check();
                    gathering.recount();
                }
            });
            time.every(Duration.ofSeconds(2), () -> {
                if (!dead) {
                    own.alive();
                }
            });
        }

        void join(String address, String session, String sub, String data) {
            own.join(new Spot(address, session), new Attendee(sub, false, data));
        }

        void leave(String address, String session) {
            own.leave(new Spot(address, session));
        }

        void lost(String address, String session) {
            own.lost(new Spot(address, session));
        }

        Eyes watch(String address) {
            Eyes eyes = new Eyes();
            gathering.watch(address, "watcher", eyes);
            return eyes;
        }

        String list(String address) {
            Map<String, String> known = new TreeMap<>();
            gathering.list(address, Integer.MAX_VALUE).members().forEach(member -> known.put(member.id(), say(member)));
            return String.join(" ", known.values());
        }
    }

    private static String say(Member member) {
        return member.id() + (member.data() == null ? "" : ":" + member.data());
    }

    /** Letters between two nodes arrive in order, if they arrive. */
    private final class Net implements Mail {
        private final String from;

        private Net(String from) {
            this.from = from;
        }

        @Override
        public void all(JsonObject letter) {
            List.copyOf(nodes.keySet()).forEach(to -> one(to, letter));
        }

        @Override
        public void one(String to, JsonObject letter) {
            Node sender = nodes.get(from);
            if (sender == null || sender.dead || loses.test(letter)) {
                return;
            }
            JsonObject copy = new JsonObject(letter.encode());
            time.after(Duration.ofMillis(1), () -> {
                Node node = nodes.get(to);
                if (node != null) {
                    node.peers.received(copy);
                }
            });
        }
    }

    /** A watcher that believes what it is told, and objects to what does not follow. */
    static final class Eyes implements Watcher {
        final List<String> heard = new ArrayList<>();
        final Map<String, String> believed = new TreeMap<>();
        int count = -1;
        private boolean begun;

        @Override
        public void begins(List<String> sessions, PresenceNews list) {
            begun = true;
            take(list);
        }

        @Override
        public void told(PresenceNews news) {
            if (begun) {
                take(news);
            }
        }

        private void take(PresenceNews news) {
            count = news.count();
            if (news.members() != null) {
                believed.clear();
                news.members().forEach(member -> believed.put(member.id(), say(member)));
                heard.add("list "
                        + news.members().stream().map(Neighbours::say).sorted().toList()
                        + (news.truncated() ? " of " + count : ""));
            } else if (news.truncated()) {
                believed.clear();
                heard.add("count " + count);
            }
            news.changes().forEach(this::take);
            if (!news.truncated() && believed.size() != count) {
                throw new AssertionError(heard + " does not make " + count);
            }
        }

        private void take(Change change) {
            heard.add(change.kind().name().toLowerCase(java.util.Locale.ROOT) + " " + say(change.member()));
            String id = change.member().id();
            boolean known = believed.containsKey(id);
            if (known == (change.kind() == Kind.JOIN)) {
                throw new AssertionError(heard + " does not follow");
            }
            if (change.kind() == Kind.LEAVE) {
                believed.remove(id);
            } else {
                believed.put(id, say(change.member()));
            }
        }

        /** What was heard since the last time. */
        List<String> news() {
            List<String> all = List.copyOf(heard);
            heard.clear();
            return all;
        }

        String seen() {
            return String.join(" ", believed.values());
        }
    }
}
