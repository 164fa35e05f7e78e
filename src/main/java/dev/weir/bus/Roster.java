package dev.weir.bus;

import dev.weir.config.PresenceConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is on which address, over the whole cluster. Permission is decided before it is asked. Thread-safe; calls of one thread take
 * effect in their order.
 */
public interface Roster extends Shareable {
    /** Hears of addresses, for one event loop. Called on the roster's own event loop, in order: it hands over and returns. */
    interface Watcher {
        /** The list that sessions which began to watch need first; what is told later follows it without a gap. */
        void begins(List<String> sessions, PresenceNews list);

        /** Something changed where at least one session of this watcher watches; a list where what happened between is not known. */
        void told(PresenceNews news);

        /** There is no list yet, since no node answers; it comes when one does. Only outside of nodes. */
        default void delayed(Throwable why) {}
    }

    /** The roster of the node that runs in this Vert.x instance, null when it is no Weir node. */
    static @Nullable Roster of(Vertx vertx) {
        return vertx.sharedData()
                .<String, Roster>getLocalMap(Publisher.SHARED_MAP)
                .get("roster");
    }

    /** The roster of the node, or one that asks a node of the cluster; null where there is neither. */
    static @Nullable Roster reachableFrom(Vertx vertx) {
        Roster own = of(vertx);
        return own == null && vertx.isClustered() ? new GuestRoster(vertx) : own;
    }

    /** Whether verticles here may be on addresses themselves, rather than only see who is. */
    default boolean admits() {
        return true;
    }

    /** Makes this the roster of the instance. */
    default void share(Vertx vertx) {
        vertx.sharedData().<String, Roster>getLocalMap(Publisher.SHARED_MAP).put("roster", this);
    }

    /** The limits that callers keep. */
    PresenceConfig limits();

    /** Largest data of a member, in bytes of JSON. */
    default long maxDataBytes() {
        return limits().maxData().bytes();
    }

    /** A session is present, or shows something else of itself. */
    void join(String address, String session, Attendee who);

    /** A session is not present any more, by its own will or because it may not be. */
    void leave(String address, String session);

    /** The connection of a session broke: it counts as present for the time of grace. */
    void lost(String address, String session);

    /** A session begins to watch an address. */
    void watch(String address, String session, Watcher watcher);

    /** A session that watched does no longer. */
    void unwatch(String address, Watcher watcher);

    /**
     * How many members each address has that has any.
     *
     * @return completes on the caller's context
     */
    Future<Map<String, Integer>> counts();

    /**
     * Who is on an address now.
     *
     * @param limit how many members to list at most, 0 or more
     * @return completes on the caller's context
     */
    Future<PresenceNews> list(String address, int limit);
}
