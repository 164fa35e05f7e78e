package dev.weir.edge;

import dev.weir.bus.Addresses;
import dev.weir.bus.Counters;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The sessions of one event loop: opened and closed here, announced on {@code weir.sessions}, listed and closed on request.
 * Owned by that event loop.
 */
public final class Sessions {
    private static final Origin ORIGIN = Origin.node("sessions");

    private final Publisher publisher;
    private final Counters counters;
    private final Clock clock;
    private final Timers timers;
    private final Map<String, Session> open = new HashMap<>();
    private final Promise<Void> empty = Promise.promise();
    private Consumer<Session> recheck = session -> {};
    private boolean stopping;

    Sessions(EdgeServices edge) {
        this.publisher = edge.publisher();
        this.counters = edge.counters();
        this.clock = edge.clock();
        this.timers = edge.timers();
        edge.answers().answer(LocalAnswers.SESSIONS, this::list);
        edge.answers().answer(LocalAnswers.CLOSE_SESSIONS, this::closeMatching);
    }

    /** A session begins. */
    public void opened(Session session) {
        open.put(session.info().id(), session);
        counters.sessionsOpened.increment();
        announce("opened", session);
    }

    /** Tells who ends what a session may not any more. */
    void rechecking(Consumer<Session> by) {
        recheck = by;
    }

    /** What a session may be is decided again: it showed another token, or was opened while the policies changed. */
    public void decideAgain(Session session) {
        recheck.accept(session);
    }

    /** A session has ended. */
    public void closed(Session session) {
        if (open.remove(session.info().id()) != null) {
            counters.sessionsClosed.increment();
            announce("closed", session);
        }
        if (stopping && open.isEmpty()) {
            empty.tryComplete();
        }
    }

    /**
     * Closes all sessions, for a node that stops.
     *
     * @return completes when they are gone, having read what waited for them, or the time is up
     */
    Future<Void> closeAll(CloseCode why, Duration patience) {
        if (open.isEmpty()) {
            return Future.succeededFuture();
        }
        stopping = true;
        List.copyOf(open.values()).forEach(session -> session.close(why));
        Timers.Timer enough = timers.after(patience, empty::tryComplete);
        return empty.future().onComplete(done -> enough.cancel());
    }

    /** Closes sessions that have been silent since before the given monotonic time. */
    public void closeSilent(long sinceNanos, Predicate<Session> kind) {
        for (Session session : List.copyOf(open.values())) {
            if (session.lastHeardNanos() - sinceNanos < 0 && kind.test(session)) {
                session.close(CloseCode.NO_PING);
            }
        }
    }

    /** All sessions of this loop. */
    public List<Session> all() {
        return List.copyOf(open.values());
    }

    private JsonObject list(JsonObject query) {
        JsonArray sessions = new JsonArray();
        open.values().stream().filter(matching(query)).forEach(session -> sessions.add(describe(session)));
        return new JsonObject().put("sessions", sessions);
    }

    private JsonObject closeMatching(JsonObject query) {
        List<Session> chosen = open.values().stream().filter(matching(query)).toList();
        chosen.forEach(session -> session.close(CloseCode.CLOSED_BY_OPERATOR));
        return new JsonObject().put("closed", chosen.size());
    }

    private static Predicate<Session> matching(JsonObject query) {
        String id = query.getString("id");
        String sub = query.getString("sub");
        return session -> (id == null || id.equals(session.info().id()))
                && (sub == null || sub.equals(session.who().sub()));
    }

    private JsonObject describe(Session session) {
        SessionInfo info = session.info();
        return new JsonObject()
                .put("id", info.id())
                .put(
                        "sub",
                        session.who().signedIn(clock.millis()) ? session.who().sub() : null)
                .put("transport", info.transport())
                .put("remote", info.remote())
                .put("opened", EventHeaders.formatTime(java.time.Instant.ofEpochMilli(info.openedMillis())))
                .put(
                        "addresses",
                        new JsonArray(List.copyOf(session.registrations().keySet())))
                .put("waitingBytes", session.waitingBytes());
    }

    private void announce(String type, Session session) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add(EventHeaders.TYPE, type)
                .add(EventHeaders.SUBJECT, session.info().id());
        JsonObject data = describe(session);
        data.remove("waitingBytes");
        publisher.publish(ORIGIN, Addresses.SESSIONS, headers, data, 0);
    }
}
