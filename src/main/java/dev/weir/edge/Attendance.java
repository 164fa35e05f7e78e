package dev.weir.edge;

import dev.weir.bus.Addresses;
import dev.weir.bus.Attendee;
import dev.weir.bus.Authorizer;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policy;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.bus.Roster;
import dev.weir.edge.fanout.Outlet;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where one session is present, or watches who is. Owned by the session's event loop. */
public final class Attendance {
    /**
     * A wish that is allowed.
     *
     * @param id who the session is present as, null when it will not be
     * @param enter grants it
     */
    public record Entrance(@Nullable String id, Runnable enter) {
        private static final Entrance NONE = new Entrance(null, () -> {});
    }

    private final PresenceDesk desk;
    private final Authorizer authorizer;
    private final Clock clock;
    private final String session;
    private final Outlet outlet;
    /** By address, whether it is present there; else it only watches. Most sessions have none. */
    private Map<String, Boolean> places = Map.of();

    private boolean closed;

    /** Nowhere yet. */
    public Attendance(LoopServices loop, SessionInfo info, Outlet outlet) {
        this.desk = loop.presence();
        this.authorizer = loop.edge().authorizer();
        this.clock = loop.edge().clock();
        this.session = info.id();
        this.outlet = outlet;
    }

    /** Looks whether a wish can be granted, null being none; fails with a {@link Refusal}, and changes nothing. */
    public Future<Entrance> prepare(@Nullable Wish wish, String address, Policy policy, Principal who) {
        if (wish == null) {
            return Future.succeededFuture(Entrance.NONE);
        }
        if (wish.mode() == Wish.Mode.NONE) {
            return Future.succeededFuture(new Entrance(null, () -> left(address)));
        }
        if (Addresses.isPattern(address)) {
            return Future.failedFuture(
                    new Refusal(FailureCode.INVALID_PARAMETER, "nobody is on a pattern: name an address"));
        }
        if (!places.containsKey(address)
                && places.size() >= desk.roster().limits().addressesPerSession()) {
            return Future.failedFuture(
                    new Refusal(FailureCode.MAX_HANDLERS_REACHED, "this session has presence on too many addresses"));
        }
        return authorizer
                .check(policy, who, Action.PRESENCE, address, EventHeaders.DEFAULT_TYPE)
                .map(allowed -> wish.mode() == Wish.Mode.JOIN ? joining(wish, address, who) : watching(address));
    }

    private Entrance joining(Wish wish, String address, Principal who) {
        String sub = who.signedIn(clock.millis()) ? who.sub() : null;
        Attendee attendee = Attendee.of(sub, wish.key(), session, wish.data());
        return new Entrance(attendee.id(), () -> enter(address, attendee));
    }

    private Entrance watching(String address) {
        return new Entrance(null, () -> {
            if (Boolean.TRUE.equals(places.get(address))) {
                desk.roster().leave(address, session);
            }
            enter(address, null);
        });
    }

    private void enter(String address, @Nullable Attendee attendee) {
        if (closed) {
            return;
        }
        if (places.isEmpty()) {
            places = new HashMap<>(2);
        }
        if (attendee != null) {
            desk.roster().join(address, session, attendee);
        }
        if (places.put(address, attendee != null) == null) {
            desk.watch(address, session, outlet);
        }
    }

    /** Where it is present or watches. */
    Set<String> addresses() {
        return Set.copyOf(places.keySet());
    }

    /** It does not want either there any more. */
    public void left(String address) {
        Boolean present = places.isEmpty() ? null : places.remove(address);
        if (present != null) {
            desk.unwatch(address, session);
            if (present) {
                desk.roster().leave(address, session);
            }
        }
    }

    /** It may not any more. */
    void revoke(String address, Refusal why) {
        if (places.containsKey(address)) {
            left(address);
            JsonObject ended = new JsonObject()
                    .put("type", "presence")
                    .put("address", address)
                    .put("ended", why.code().word());
            outlet.offer(PresenceDesk.encode(outlet.wireFormat(), ended.encode()));
        }
    }

    /** Its connection is gone: it may be back soon. */
    public void closed() {
        closed = true;
        Roster roster = desk.roster();
        places.forEach((address, present) -> {
            desk.unwatch(address, session);
            if (present) {
                roster.lost(address, session);
            }
        });
        places = Map.of();
    }
}
