package dev.weir.presence;

import dev.weir.bus.Member;
import dev.weir.bus.PresenceNews;
import dev.weir.bus.PresenceNews.Change;
import dev.weir.bus.PresenceNews.Kind;
import dev.weir.bus.Roster.Watcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is on one address, out of the entries of all nodes, and who watches it. What watchers are told is the difference between what
 * they were told last and what is so now, so each of them hears of a member's joins and leaves in turn, whatever came in
 * which order from where. Owned by the roster's event loop.
 */
final class Place {
    private final String address;
    private final int most;
    private final Map<String, Present> members = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final Map<Watcher, Integer> watchers = new LinkedHashMap<>(0);
    private final Map<Watcher, List<String>> newcomers = new LinkedHashMap<>(0);
    private boolean crowded;
    private int toldCount;

    /** @param most members up to which each change is told */
    Place(String address, int most) {
        this.address = address;
        this.most = most;
    }

    String address() {
        return address;
    }

    int count() {
        return members.size();
    }

    boolean isEmpty() {
        return members.isEmpty() && watchers.isEmpty();
    }

    /** A member that is there, or was until what is to be told next. */
    @Nullable
    Present member(String key) {
        return members.get(key);
    }

    void put(Entry entry) {
        members.computeIfAbsent(entry.member(), key -> new Present())
                .sessions()
                .put(entry.spot().session(), entry);
        changed.add(entry.member());
    }

    void remove(Entry entry) {
        Present member = members.get(entry.member());
        if (member != null && member.sessions().remove(entry.spot().session(), entry)) {
            changed.add(entry.member());
        }
    }

    void watch(String session, Watcher watcher) {
        watchers.merge(watcher, 1, Integer::sum);
        newcomers.computeIfAbsent(watcher, key -> new ArrayList<>()).add(session);
    }

    void unwatch(Watcher watcher) {
        watchers.computeIfPresent(watcher, (key, sessions) -> sessions == 1 ? null : sessions - 1);
    }

    /** Tells watchers what is new to them. */
    void settle(Consumer<Kind> tally) {
        List<Change> changes = new ArrayList<>();
        for (String key : changed) {
            Change change = settle(key);
            if (change != null) {
                changes.add(change);
                tally.accept(change.kind());
            }
        }
        changed.clear();
        boolean before = crowded;
        crowded = count() > (before ? most - most / 10 : most);
        if (before && !crowded) {
            tell(list());
        } else if (crowded && !before) {
            // Also when it is the number that was told the last time it was crowded: since then they were listed.
            toldCount = 0;
            recount();
        } else if (!crowded && !changes.isEmpty()) {
            tell(PresenceNews.of(address, count(), changes, false));
        }
        welcome();
    }

    private @Nullable Change settle(String key) {
        Present member = members.get(key);
        if (member == null) {
            return null;
        }
        Member before = member.told();
        Member now = member.now();
        if (now == null) {
            members.remove(key);
            return before == null ? null : new Change(Kind.LEAVE, before);
        }
        member.told(now);
        if (before == null) {
            return new Change(Kind.JOIN, now);
        }
        return Objects.equals(before.data(), now.data()) ? null : new Change(Kind.UPDATE, now);
    }

    /** Tells how many there are, where that is all that is told. */
    void recount() {
        if (crowded && count() != toldCount) {
            toldCount = count();
            tell(PresenceNews.of(address, toldCount, List.of(), true));
        }
    }

    private void welcome() {
        if (newcomers.isEmpty()) {
            return;
        }
        PresenceNews list = list();
        newcomers.forEach((watcher, sessions) -> watcher.begins(List.copyOf(sessions), list));
        newcomers.clear();
    }

    private PresenceNews list() {
        return list(crowded ? 0 : most);
    }

    /** As it is now, also what is not told yet. */
    PresenceNews list(int limit) {
        int gone = (int) changed.stream()
                .map(members::get)
                .filter(member -> member != null && member.sessions().isEmpty())
                .count();
        List<Member> listed = new ArrayList<>();
        for (Present member : members.values()) {
            Member now = listed.size() < limit ? member.now() : null;
            if (now != null) {
                listed.add(now);
            }
        }
        return PresenceNews.of(address, count() - gone, listed);
    }

    private void tell(PresenceNews news) {
        watchers.keySet().forEach(watcher -> watcher.told(news));
    }
}
