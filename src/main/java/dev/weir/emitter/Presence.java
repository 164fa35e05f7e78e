package dev.weir.emitter;

import dev.weir.bus.Attendee;
import dev.weir.bus.Ids;
import dev.weir.bus.Member;
import dev.weir.bus.PresenceNews;
import dev.weir.bus.PresenceNews.Kind;
import dev.weir.bus.Roster;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is on an emitter's address, kept up to date from when it was asked for until it is closed, or its verticle ends. Belongs to the
 * emitter's context like the emitter: listeners run there. In a member of the cluster that is no node it is seen, and nobody joins.
 */
public final class Presence {
    private static final Ids SESSIONS = new Ids();

    private final ContextInternal context;
    private final String address;
    private final Roster roster;
    private final String session = SESSIONS.next();
    private final Watching watching = new Watching();
    private final Map<Kind, List<Consumer<Member>>> listeners = new EnumMap<>(Kind.class);
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Promise<Void> ready;
    private int count;
    private boolean listed;
    private boolean truncated;
    private boolean begun;
    private boolean present;
    private boolean closed;

    Presence(ContextInternal context, String address) {
        Roster found = Roster.reachableFrom(context.owner());
        if (found == null) {
            throw new IllegalStateException("presence on '" + address
                    + "': only verticles inside a Weir node and members of its cluster know who is there");
        }
        this.context = context;
        this.address = address;
        this.roster = found;
        this.ready = context.promise();
        context.addCloseHook(this::ended);
        roster.watch(address, session, watching);
    }

    /** Hears of members that come. */
    public Presence onJoin(Consumer<Member> listener) {
        return on(Kind.JOIN, listener);
    }

    /** Hears of members that show something else of themselves. */
    public Presence onUpdate(Consumer<Member> listener) {
        return on(Kind.UPDATE, listener);
    }

    /** Hears of members that go. */
    public Presence onLeave(Consumer<Member> listener) {
        return on(Kind.LEAVE, listener);
    }

    private Presence on(Kind kind, Consumer<Member> listener) {
        listeners.computeIfAbsent(kind, key -> new ArrayList<>()).add(listener);
        return this;
    }

    /** Completes with the first list; fails when it is closed before, and beside a node when none answers: the list may come later. */
    public Future<Void> ready() {
        return ready.future();
    }

    /** Everybody who is there; empty where there are more than {@code presence.members}. */
    public List<Member> members() {
        return List.copyOf(members.values());
    }

    /** How many are there. */
    public int count() {
        return count;
    }

    /** Whether there are members that are not listed. */
    public boolean isTruncated() {
        return truncated;
    }

    /**
     * Is there from now on under a name, or shows something else of itself. A verticle is trusted: under the subject of a client it is
     * one more session of that client.
     *
     * @param id the member's id, 1 to 200 characters
     * @param data what others see: a JSON value of at most {@code presence.max-data}, null for nothing
     * @throws IllegalArgumentException when either is not so
     * @throws IllegalStateException outside of nodes
     */
    public Presence join(String id, @Nullable Object data) {
        if (closed) {
            throw new IllegalStateException("presence on '" + address + "' was closed");
        }
        if (!roster.admits()) {
            throw new IllegalStateException(
                    "presence on '" + address + "': only verticles inside a Weir node are there themselves");
        }
        if (id.isEmpty() || id.length() > 200) {
            throw new IllegalArgumentException("the id of a member has 1 to 200 characters, not " + id.length());
        }
        String text = data == null ? null : Json.encode(data);
        long most = roster.maxDataBytes();
        if (text != null && text.getBytes(StandardCharsets.UTF_8).length > most) {
            throw new IllegalArgumentException(
                    "the data of a member has at most " + most + " bytes; see presence.max-data");
        }
        present = true;
        roster.join(address, session, new Attendee(id, false, text));
        return this;
    }

    /** Is there no more, and goes on watching. */
    public Presence leave() {
        if (present) {
            present = false;
            roster.leave(address, session);
        }
        return this;
    }

    /** Neither is there nor watches any more. */
    public void close() {
        if (!closed) {
            leave();
            closed = true;
            roster.unwatch(address, watching);
            ready.tryFail("presence on '" + address + "' was closed");
        }
    }

    boolean isClosed() {
        return closed;
    }

    private void ended(Completable<Void> done) {
        close();
        done.succeed(null);
    }

    private void take(PresenceNews news) {
        if (closed) {
            return;
        }
        boolean compares = !truncated && !news.truncated() && listed;
        count = news.count();
        if (news.members() != null || news.truncated()) {
            replace(Objects.requireNonNullElse(news.members(), List.of()), compares);
            truncated = news.truncated();
            listed = true;
        }
        news.changes().forEach(change -> apply(change.kind(), change.member()));
        ready.tryComplete();
    }

    private void replace(List<Member> now, boolean compares) {
        Map<String, Member> gone = new LinkedHashMap<>(members);
        if (!compares) {
            members.clear();
        }
        for (Member member : now) {
            Member before = gone.remove(member.id());
            if (!compares || (before != null && Objects.equals(before.data(), member.data()))) {
                members.put(member.id(), member);
            } else {
                apply(before == null ? Kind.JOIN : Kind.UPDATE, member);
            }
        }
        if (compares) {
            gone.values().forEach(member -> apply(Kind.LEAVE, member));
        }
    }

    private void apply(Kind kind, Member member) {
        if (kind == Kind.LEAVE) {
            members.remove(member.id());
        } else {
            members.put(member.id(), member);
        }
        List.copyOf(listeners.getOrDefault(kind, List.of()))
                .forEach(listener -> context.emit(member, listener::accept));
    }

    /** Hands over to the emitter's context. */
    private final class Watching implements Roster.Watcher {
        @Override
        public void begins(List<String> sessions, PresenceNews list) {
            context.runOnContext(here -> {
                begun = true;
                take(list);
            });
        }

        @Override
        public void delayed(Throwable why) {
            context.runOnContext(here -> ready.tryFail(why));
        }

        @Override
        public void told(PresenceNews news) {
            context.runOnContext(here -> {
                if (begun) {
                    take(news);
                }
            });
        }
    }
}
