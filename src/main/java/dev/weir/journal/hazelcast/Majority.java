package dev.weir.journal.hazelcast;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import dev.weir.time.Clock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether this side of a cluster may keep events: a member that is gone may be dead, or cut off and well, and then both sides
 * would give the same offsets to different events. So the side goes on that has more than half of those who were there before.
 * Of two members either goes on; see {@link #tie}. Thread-safe; its lock is held for moments only.
 *
 * <p>A member that is no node, such as a program, counts like one: it has copies of the logs, and nodes that find it first go on from
 * those.
 *
 * <p>That a majority may be counted anew once it has lasted, each time against the one before, is dynamic voting (Jajodia and
 * Mutchler, 1990).
 */
final class Majority {
    private static final long LASTS_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int PROBES = 5;
    private static final int PROBE_MILLIS = 300;

    private final Clock clock;
    private final UUID self;
    private int all;
    private int here;
    private long changedNanos;
    private List<UUID> order;
    private List<Member> known = List.of();
    private @Nullable Member tie;

    Majority(UUID self, List<UUID> members, Clock clock) {
        this.clock = clock;
        this.self = self;
        this.order = List.copyOf(members);
        this.all = order.size();
        this.here = all;
        this.changedNanos = clock.nanos();
    }

    /** One that hears of members as they come and go. */
    static Majority of(HazelcastInstance hazelcast, Clock clock) {
        Cluster cluster = hazelcast.getCluster();
        Majority majority = new Majority(cluster.getLocalMember().getUuid(), uuids(cluster.getMembers()), clock);
        majority.look(cluster.getMembers());
        cluster.addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                majority.look(cluster.getMembers());
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                majority.look(cluster.getMembers());
            }
        });
        return majority;
    }

    private static List<UUID> uuids(Collection<Member> members) {
        return members.stream().map(Member::getUuid).toList();
    }

    /**
     * Notes who is there now, in the order in which they came. To be asked before each write: listeners are told later, and what
     * is written in between would be written by both sides.
     */
    synchronized void look(Collection<Member> now) {
        List<Member> before = known;
        known = List.copyOf(now);
        List<UUID> members = uuids(now);
        if (!members.equals(order)) {
            changed(
                    members,
                    before.stream()
                            .filter(each -> !members.contains(each.getUuid()))
                            .findFirst()
                            .orElse(null));
        }
    }

    synchronized void changed(List<UUID> members, @Nullable Member removed) {
        settle();
        if (removed != null && all == 2 && members.size() == 1 && isYounger(removed.getUuid())) {
            tie = removed;
        }
        order = List.copyOf(members);
        here = members.size();
        all = Math.max(all, here);
        changedNanos = clock.nanos();
    }

    private boolean isYounger(UUID other) {
        return order.indexOf(self) > order.indexOf(other);
    }

    /** A majority that has lasted is all there is. */
    private void settle() {
        if (isEnough() && clock.nanos() - changedNanos >= LASTS_NANOS) {
            all = here;
        }
    }

    private boolean isEnough() {
        return here * 2 > all || all <= 2;
    }

    /** Why this side may not keep events, if so. */
    synchronized Optional<String> trouble() {
        settle();
        return isEnough()
                ? Optional.empty()
                : Optional.of("only " + here + " of " + all + " members of the cluster are here; the others may go on"
                        + " without them, so events are kept again when more than half are here");
    }

    /**
     * Whether this member is the younger one of two, and the other one has gone without being dead for certain: it may go on as
     * well. Answers once for each time. Blocking.
     */
    boolean tie() {
        Member other = takeTie();
        return other != null
                && !isDead(other.getAddress().getHost(), other.getAddress().getPort());
    }

    private synchronized @Nullable Member takeTie() {
        Member other = tie;
        tie = null;
        return other;
    }

    /** A port that refuses has nobody behind it. One that does not answer, or does, may be on the other side of a cut. */
    static boolean isDead(String host, int port) {
        for (int i = 0; i < PROBES; i++) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(host, port), PROBE_MILLIS);
                // It accepted, as a dying process may: only time tells. This is the journal's own thread.
                Thread.sleep(PROBE_MILLIS);
            } catch (ConnectException refused) {
                return true;
            } catch (IOException unknown) {
                return false;
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }
}
